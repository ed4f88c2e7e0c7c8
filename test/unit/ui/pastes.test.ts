import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { TerminalEvent } from "../../../src/ui/terminal/terminal-input.ts"
import { KEY_LIST, NO_KEYS } from "../../support/key-sequences.ts"
import { BEGIN, bytes, cutsOf, END, ESCAPE_DELAY_MS, openInput, pieces, told } from "../../support/typed-input.ts"

const MB = 1024 * 1024

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test("the marks of a paste may come in any pieces", () => {
  const whole = bytes(`j${BEGIN}pasted${END}k`)
  for (const cuts of cutsOf(whole.length)) {
    expect(told(...pieces(whole, cuts, ESCAPE_DELAY_MS))).toEqual(["j", { pasted: "pasted" }, "k"])
  }
})

test("one by a slow link is one paste, however long it takes", () => {
  const { events, read } = openInput()
  read(BEGIN)
  for (let piece = 0; piece < 10; piece++) read(1_500, "qé")
  read(END)
  expect(events).toEqual([{ pasted: "qé".repeat(10) }])
})

test("one that does not end is ended by a pause, and by Ctrl-C", () => {
  for (const key of ["j", "é", "\x1b[A"]) {
    const { events, read } = openInput()
    read(`${BEGIN}half`, 2_001)
    expect(events).toEqual([{ pasted: "half" }])
    read(key, ESCAPE_DELAY_MS + 1, "kk")
    expect(events.slice(1)).toEqual([key === "\x1b[A" ? "up" : key, "k", "k"])
  }
  expect(told(`${BEGIN}half`, "\x03")).toEqual([{ pasted: "half" }, "ctrl-c"])
  expect(told(`${BEGIN}half`, "\x03", "\x03")).toEqual([{ pasted: "half" }, "ctrl-c", "ctrl-c"])
})

test("what a link brings after a pause of its own is no key, whatever its pieces", () => {
  for (const piece of [1, 2, 5]) {
    const { events, read } = openInput()
    read(`${BEGIN}half`, 2_001)
    const rest = "q\r?gg\x03:quit\r\x1b[A\x1b"
    for (let at = 0; at < rest.length; at += piece) read(rest.slice(at, at + piece), ESCAPE_DELAY_MS - 1)
    read(`q${END}j`)
    expect(events).toEqual([{ pasted: "half" }, "j"])
  }
})

test("a Ctrl-C that more follows at once is part of it", () => {
  expect(told(BEGIN, "a", "\x03", 10, "q\x03b", "\x03", END, "j")).toEqual([{ pasted: "a\x03q\x03b\x03" }, "j"])
})

test("of one beyond 1 MB the rest is dropped until its end, a pause or Ctrl-C, however long it goes on", () => {
  const head = { pasted: "x".repeat(MB) }
  const { events, read } = openInput()
  read(`${BEGIN}${"x".repeat(MB + 5)}`)
  for (let piece = 0; piece < 10; piece++) read(1_500, "q")
  read(`q${END}j`)
  const same = (some: readonly TerminalEvent[], last: string) =>
    expect(JSON.stringify(some) === JSON.stringify([head, last])).toBe(true)
  same(events, "j")
  same(told(`${BEGIN}${"x".repeat(MB + 5)}`, "\x03"), "ctrl-c")
})

test("an ESC within one is left out, and what stands behind it is text", () => {
  expect(told(`${BEGIN}a\x1bb\nc`, END)).toEqual([{ pasted: "ab\nc" }])
  expect(told("\x1b", `${BEGIN}a${END}`)).toEqual(["esc", { pasted: "a" }])
})

test("half a sequence at its end does not hide that end", () => {
  for (const sequence of [...KEY_LIST.map(([one]) => one), ...Object.values(NO_KEYS)]) {
    for (let length = 1; length < sequence.length; length++) {
      const [first, ...rest] = told(`${BEGIN}a${sequence.slice(0, length)}${END}j`)
      expect([first, rest]).toEqual([{ pasted: expect.stringMatching(/^a/) }, ["j"]])
    }
  }
})
