import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { InputGuard } from "../../../src/ui/terminal/guarded-stdin.ts"
import { Mouse, type MouseInput } from "../../../src/ui/terminal/mouse.ts"

const BEGIN = "\x1b[200~"
const END = "\x1b[201~"
const REPORT = "\x1b[<64;120;45M"
const MB = 1024 * 1024

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A guard that is given `chunks`; what it handed on, and what the mouse told. */
function given(...chunks: string[]) {
  const mouse = new Mouse()
  const told: MouseInput[] = []
  mouse.listen(pointing => void told.push(pointing))
  const got = { text: "", told }
  const guard = new InputGuard(text => {
    got.text += text
  }, mouse)
  const take = (chunk: string) => guard.take(chunk)
  for (const chunk of chunks) take(chunk)
  return { got, take }
}

test("a report of the mouse, and the marks of a paste, may come in any two pieces", () => {
  const whole = `j${REPORT}${BEGIN}pasted${END}k`
  for (let at = 1; at < whole.length; at++) {
    const { got } = given(whole.slice(0, at), whole.slice(at))
    expect([got.text, got.told.length]).toEqual([`j${BEGIN}pasted${END}k`, 1])
  }
})

test("Esc and the keys that begin with it are typed, Esc alone a moment later; half a report is not", () => {
  const { got, take } = given("\x1b[A\x1bj\x1b")
  expect(got.text).toBe("\x1b[A\x1bj")
  vi.runAllTimers()
  expect(got.text).toBe("\x1b[A\x1bj\x1b")
  take("\x1b[<64;1")
  vi.runAllTimers()
  take("q")
  expect(got.text).toBe("\x1b[A\x1bj\x1bq")
})

test("what looks like a report of the mouse within a paste is text, like everything there", () => {
  const { got } = given(`${BEGIN}a${REPORT}\x1b[15~${END}`)
  expect([got.text, got.told]).toEqual([`${BEGIN}a${REPORT}\x1b[15~${END}`, []])
})

test("a paste by a slow link is one paste, however long it takes", () => {
  const { got, take } = given(BEGIN)
  for (let piece = 0; piece < 10; piece++) {
    vi.advanceTimersByTime(1_500)
    take("q")
  }
  take(END)
  expect(got.text).toBe(`${BEGIN}${"q".repeat(10)}${END}`)
})

test("a paste that does not end is ended by a pause, and by Ctrl-C at once", () => {
  const { got, take } = given(`${BEGIN}half`)
  vi.advanceTimersByTime(2_000)
  take("j")
  expect(got.text).toBe(`${BEGIN}half${END}j`)
  expect(given(`${BEGIN}half`, "\x03").got.text).toBe(`${BEGIN}half${END}\x03`)
})

test("of a paste beyond 1 MB the rest is dropped until its end, a pause or Ctrl-C, however long it goes on", () => {
  const head = `${BEGIN}${"x".repeat(MB)}${END}`
  const { got, take } = given(`${BEGIN}${"x".repeat(MB + 5)}`)
  for (let piece = 0; piece < 10; piece++) {
    vi.advanceTimersByTime(1_500)
    take("q")
  }
  expect(got.text === head).toBe(true)
  take(`q${END}j`)
  expect(got.text === `${head}j`).toBe(true)
  expect(given(`${BEGIN}${"x".repeat(MB + 5)}`, "\x03").got.text === `${head}\x03`).toBe(true)
})
