import { expect, onTestFinished, test, vi } from "vitest"
import { Mouse, type Pointing, reportMouse } from "../../../src/ui/terminal/mouse.ts"

const setUp = () => {
  const mouse = new Mouse()
  const told: Pointing[] = []
  mouse.listen(pointing => void told.push(pointing))
  let typed = ""
  return {
    told,
    take: (chunk: string) =>
      mouse.take(chunk, text => {
        typed += text
      }),
    typed: () => typed,
  }
}

test("clicks and the wheel are told, with the keys held meanwhile or not; nothing of them is typed", () => {
  const { told, take, typed } = setUp()
  take("a\x1b[<0;5;12Mb\x1b[<0;5;12m\x1b[<64;5;12M\x1b[<69;5;12M\x1b[<2;5;12M\x1b[<35;5;12Mc")
  expect(told).toEqual([
    { kind: "click", row: 11 },
    { kind: "wheel", by: -1 },
    { kind: "wheel", by: 1 },
  ])
  expect(typed()).toBe("abc")
})

test("a report that comes in any two pieces is one", () => {
  const report = "\x1b[<64;120;45M"
  for (let at = 1; at < report.length; at++) {
    const { told, take, typed } = setUp()
    take(`j${report.slice(0, at)}`)
    take(`${report.slice(at)}k`)
    expect([typed(), told.length]).toEqual(["jk", 1])
  }
})

test("Esc and the keys that begin with it are typed, Esc alone a moment later; half a report is not", () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { take, typed } = setUp()
  take("\x1b[A\x1bj\x1b")
  expect(typed()).toBe("\x1b[A\x1bj")
  vi.runAllTimers()
  expect(typed()).toBe("\x1b[A\x1bj\x1b")
  take("\x1b[<64;1")
  vi.runAllTimers()
  take("q")
  expect(typed()).toBe("\x1b[A\x1bj\x1bq")
})

test("the terminal reports as long as the alternate screen is on, and no longer", () => {
  let written = ""
  const stdout = {
    write: (text: string) => {
      written += `${text.replace("\x1b[?", "")} `
    },
  }
  const undo = reportMouse(stdout as never)
  for (const text of ["1049h", "1049l", "1049h"]) stdout.write(`\x1b[?${text}`)
  undo()
  stdout.write("end")
  expect(written).toBe("1049h 1000h 1006h 1000l 1006l 1049l 1049h 1000h 1006h 1000l 1006l end ")
})
