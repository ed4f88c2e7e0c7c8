import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { KEY_SEQUENCES } from "../../../src/ui/terminal/key-names.ts"
import { type TerminalEvent, TerminalInput } from "../../../src/ui/terminal/terminal-input.ts"
import { KEY_LIST, NO_KEYS, SEQUENCES_OF_TERMINALS } from "../../support/key-sequences.ts"
import { BEGIN, bytes, cutsOf, END, ESCAPE_DELAY_MS, openInput, pieces, told } from "../../support/typed-input.ts"

const REPORT = "\x1b[<64;120;45M"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test.each(Object.entries(SEQUENCES_OF_TERMINALS))("the keys of %s have their names", (_, keys) => {
  for (const [key, sequences] of Object.entries(keys)) {
    for (const sequence of sequences) expect([sequence, told(`\x1b${sequence}`)]).toEqual([sequence, [key]])
  }
})

test("every sequence, cut anywhere, is its key, with what is typed before and after it", () => {
  const every = [...KEY_SEQUENCES, ...KEY_LIST]
  const gap = fc.integer({ min: 0, max: ESCAPE_DELAY_MS })
  for (const [sequence, key] of every) {
    for (const cuts of cutsOf(sequence.length)) {
      expect(told(...pieces(bytes(sequence), cuts, ESCAPE_DELAY_MS))).toEqual([key])
    }
    if (!sequence.startsWith("\x1b\x1b") && KEY_SEQUENCES.has(sequence)) {
      const [withAlt, ...rest] = told("\x1b", 1, `\x1b${sequence.slice(1)}`)
      expect([withAlt?.toString().replace(/^alt-/, ""), rest]).toEqual([key.replace(/^alt-/, ""), []])
    }
  }
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...every, ["j", "j"] as const, ["é", "é"] as const), { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(fc.nat(60), gap), { maxLength: 12 }),
      (keys, cuts) => {
        const whole = Buffer.from(keys.map(([sequence]) => sequence).join(""))
        const places = [...new Set(cuts.map(([at]) => at))]
          .filter(at => at > 0 && at < whole.length)
          .sort((a, b) => a - b)
        const gaps = cuts.map(([, ms]) => ms)
        const reads = pieces(whole, places, 0).map((one, index) =>
          typeof one === "number" ? (gaps[index % gaps.length] ?? 0) : one,
        )
        expect(told(...reads)).toEqual(keys.map(([, key]) => key))
      },
    ),
  )
})

describe.each(Object.entries(NO_KEYS))("%s", (_, sequence) => {
  test("is no key, in whatever pieces", () => {
    for (const cuts of cutsOf(sequence.length)) {
      const { events, read, touches } = openInput()
      read("j", ...pieces(bytes(sequence), cuts, ESCAPE_DELAY_MS), "k", 10_000)
      expect([events, touches()]).toEqual([["j", "k"], 2])
    }
  })

  test("is no text of a paste either", () => {
    for (const cuts of cutsOf(sequence.length)) {
      const whole = Buffer.concat([bytes(`${BEGIN}a`), bytes(sequence), bytes(`b${END}`)])
      expect(told(...pieces(whole, [BEGIN.length + 1, ...cuts.map(at => at + BEGIN.length + 1)], 50))).toEqual([
        { pasted: "ab" },
      ])
    }
  })
})

test("ESC and a character in one read is Alt, in two reads it is Esc and the character", () => {
  expect(told("\x1bb")).toEqual(["alt-b"])
  expect(told("\x1b\x7f")).toEqual(["alt-backspace"])
  expect(told("\x1bé")).toEqual(["alt-é"])
  expect(told("\x1b[")).toEqual(["alt-["])
  expect(told("\x1bO")).toEqual(["alt-O"])
  expect(told("\x1b", "b")).toEqual(["esc", "b"])
  expect(told("\x1b", 50, "[", 200, "O")).toEqual(["esc", "[", "O"])
  expect(told("\x1b", "é")).toEqual(["esc", "é"])
  expect(told("\x1b", "\x1b", "b")).toEqual(["esc", "esc", "b"])
  expect(told("jk\x1b", 0, "\r")).toEqual(["j", "k", "esc", "enter"])
})

test("Esc alone is a key when the time is over, and at once before what continues no sequence", () => {
  const { events, read } = openInput()
  read("\x1b", ESCAPE_DELAY_MS - 1)
  expect(events).toEqual([])
  read(1, 1)
  expect(events).toEqual(["esc"])
  read("\x1b", "j")
  expect(events).toEqual(["esc", "esc", "j"])
})

test("what has arrived while the program was busy counts before the wait is over", () => {
  const { events, read } = openInput()
  read("\x1b")
  // The time is over, and the rest is read in the same turn, after the timers.
  vi.setSystemTime(Date.now() + ESCAPE_DELAY_MS)
  vi.advanceTimersToNextTimer()
  read("[A", 1000)
  expect(events).toEqual(["up"])
})

test("half a sequence is nothing, and what is typed after it is not lost", () => {
  expect(told("\x1b[6", 200, "j")).toEqual(["j"])
  expect(told("\x1b[<64;1", 200, "q")).toEqual(["q"])
  expect(told("\x1b[6", "\x03")).toEqual(["ctrl-c"])
  expect(told("\x1b[M", 200, "q")).toEqual(["q"])
})

test("a reply that is cut off ends with the next key of control, Ctrl-C or a pause", () => {
  expect(told("\x1b]11;rgb:ff", 50, "\x03")).toEqual(["ctrl-c"])
  expect(told("\x1b]11;rgb:ff", "\x1b[A", "j")).toEqual(["up", "j"])
  const { events, read } = openInput()
  read("\x1b]52;c;qqq", 1_900, "qqq", 2_100, "j", "\x1b]52;c;", "\x1b", 2_100)
  expect(events).toEqual(["j", "esc"])
})

test("reports of the mouse count where it is used, in any two pieces", () => {
  for (const cuts of cutsOf(REPORT.length)) {
    const { events, read } = openInput(true)
    read("j", ...pieces(bytes(REPORT), cuts, 20), "k")
    expect(events).toEqual(["j", { kind: "wheel", by: -1 }, "k"])
  }
})

test("text is text in whatever pieces its bytes arrive, and fast typing is many keys", () => {
  const whole = Buffer.from("日本é😀x")
  for (const cuts of cutsOf(whole.length)) {
    expect(told(...pieces(whole, cuts, 20)).join("")).toBe("日本é😀x")
  }
  expect(told("jjyes\r\x15\t\r\n\0")).toEqual(["j", "j", "y", "e", "s", "enter", "ctrl-u", "tab", "enter"])
})

test("what arrives before somebody listens waits", () => {
  const input = new TerminalInput({ escapeDelayMs: 0, mouse: false })
  input.take(Buffer.from("jk"))
  const events: TerminalEvent[] = []
  const stop = input.listen(told => void events.push(...told))
  stop()
  input.take(Buffer.from("l"))
  input.listen(told => void events.push(...told))
  expect(events).toEqual(["j", "k", "l"])
})
