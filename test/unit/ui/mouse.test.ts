import { expect, test } from "vitest"
import { Mouse, type Pointing, reportMouse } from "../../../src/ui/terminal/mouse.ts"

test("clicks and the wheel are told, with the keys held meanwhile or not; nothing of them is typed", () => {
  const mouse = new Mouse()
  const told: Pointing[] = []
  mouse.listen(pointing => void told.push(pointing))
  const reports = "a\x1b[<0;5;12Mb\x1b[<0;5;12m\x1b[<64;5;12M\x1b[<69;5;12M\x1b[<2;5;12M\x1b[<35;5;12Mc"
  expect(mouse.take(reports)).toBe("abc")
  expect(told).toEqual([
    { kind: "click", row: 11 },
    { kind: "wheel", by: -1 },
    { kind: "wheel", by: 1 },
  ])
})

test("the terminal reports as long as the alternate screen is on, and no longer", () => {
  let written = ""
  const reporting = reportMouse({
    write: text => {
      written += `${text.replace("\x1b[?", "")} `
    },
    end: () => {
      written += "end "
    },
  })
  for (const text of ["1049h", "1049l", "1049h"]) reporting.write(`\x1b[?${text}`)
  reporting.end()
  expect(written).toBe("1049h 1000h 1006h 1000l 1006l 1049l 1049h 1000h 1006h 1000l 1006l end ")
})
