import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { KEY_SEQUENCES } from "../../../src/ui/terminal/key-names.ts"
import { type TerminalEvent, TerminalInput } from "../../../src/ui/terminal/terminal-input.ts"
import { KEY_LIST, NO_KEYS, SEQUENCES_OF_TERMINALS } from "../../support/key-sequences.ts"

const ESCAPE_DELAY_MS = 100
const BEGIN = "\x1b[200~"
const END = "\x1b[201~"
const REPORT = "\x1b[<64;120;45M"
const MB = 1024 * 1024

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An input and what it told; a number among `reads` is a pause in milliseconds. Reads are bytes, or text. */
function openInput(mouse = false) {
  let touches = 0
  const events: TerminalEvent[] = []
  const input = new TerminalInput({ escapeDelayMs: ESCAPE_DELAY_MS, mouse }, () => touches++)
  input.listen(told => void events.push(...told))
  const read = (...reads: (Buffer | string | number)[]) => {
    for (const one of reads) {
      if (typeof one === "number") vi.advanceTimersByTime(one)
      else input.take(Buffer.from(one as string))
    }
  }
  return { events, read, touches: () => touches }
}

function told(...reads: (Buffer | string | number)[]) {
  const { events, read } = openInput()
  read(...reads, 10 * ESCAPE_DELAY_MS)
  return events
}

/** Bytes; those above 127 of an old report are no UTF-8. */
const bytes = (sequence: string) => Buffer.from(sequence, "latin1")

/** A text in pieces, with pauses between them. */
function pieces(whole: Buffer, cuts: readonly number[], gap: number): (Buffer | number)[] {
  const places = [0, ...cuts, whole.length]
  return places.slice(1).flatMap((to, index) => [whole.subarray(places[index], to), gap])
}

/** Returns each way of cutting `length` bytes once, and that of all single bytes. */
const cutsOf = (length: number) => {
  const all = Array.from({ length: length - 1 }, (_, at) => at + 1)
  return [[], ...all.map(at => [at]), all]
}

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

describe("pastes", () => {
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
})
