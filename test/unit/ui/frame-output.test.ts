import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { eraseRows } from "../../../src/ui/terminal/alternate-screen.ts"
import { FrameOutput } from "../../../src/ui/terminal/frame-output.ts"
import type { TerminalFile } from "../../../src/ui/terminal/non-blocking-writer.ts"

const BEGIN = "\x1b[?2026h"
const END = "\x1b[?2026l"
const LEAVE = "\x1b[?1049l"
const ENTER = "\x1b[?1049h"

/** A terminal with room for some bytes, until it is read. */
class SlowTerminal implements TerminalFile {
  taken = ""
  room: number
  /** What it reads between one offer and the next. */
  reads = 0
  readonly output = new FrameOutput(this)

  constructor(room: number) {
    this.room = room
  }

  offer(bytes: Buffer): number {
    this.room += this.reads
    const taken = bytes.subarray(0, this.room)
    this.room -= taken.length
    this.taken += taken.toString()
    return taken.length
  }

  /** As Ink writes a frame: going back over the one before. */
  frame(text: string): void {
    this.ink(BEGIN)
    this.ink(`\x1b[2K\x1b[1A\x1b[2K\x1b[G${text}`)
    this.ink(END)
  }

  /** With the console on its screen. */
  static opened(room: number): SlowTerminal {
    const terminal = new SlowTerminal(room)
    terminal.ink(ENTER)
    return terminal
  }

  ink(chunk: string): void {
    this.output.take(chunk, { columns: 80, rows: 24 })
  }

  get frames(): number {
    return this.taken.split(BEGIN).length - 1
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance"] })
  // Whoever keeps the program waiting lets time pass, and nothing else happen.
  const now = performance.now.bind(performance)
  let waited = 0
  vi.spyOn(performance, "now").mockImplementation(() => now() + waited)
  vi.spyOn(Atomics, "wait").mockImplementation((_, __, ___, ms = 0) => {
    waited += ms
    return "timed-out"
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test("what is no frame passes as it is; the alternate screen is entered by the skeleton, and again after a suspension", () => {
  const terminal = new SlowTerminal(1_000)
  terminal.ink("\x1b[?25l")
  expect(terminal.taken).toBe("\x1b[?25l")
  terminal.ink(ENTER)
  expect(terminal.taken).not.toContain(ENTER)
  terminal.ink(ENTER)
  expect(terminal.taken).toContain(ENTER)
})

test("the bell rings between frames, and a terminal that takes nothing does not keep the console waiting for it", () => {
  const terminal = SlowTerminal.opened(1000)
  terminal.frame("one")
  terminal.ink("\x07")
  expect(terminal.taken.endsWith(`${END}\x07`)).toBe(true)
  terminal.room = 5
  terminal.frame("two")
  terminal.ink("\x07")
  terminal.ink("\x07")
  terminal.frame("three")
  expect(terminal.taken).not.toContain("two")
  terminal.room = 1000
  vi.runAllTimers()
  expect(terminal.taken).toMatch(/\x07\x1b\[\?2026h.*three\x1b\[1H\x1b\[\?2026l$/)
  expect(terminal.taken.split("\x07")).toHaveLength(3)
})

test("a terminal that takes frames as they come gets each of them", () => {
  const terminal = SlowTerminal.opened(10_000)
  for (const text of ["one", "two", "three"]) terminal.frame(text)
  expect(terminal.taken).toMatch(/one.*two.*three/s)
})

test("of the frames that came while the terminal took none it is given the newest alone, by itself", () => {
  const terminal = SlowTerminal.opened(10)
  for (let number = 0; number < 1_000; number++) {
    terminal.frame(`number ${number}`)
    vi.advanceTimersByTime(20)
  }
  expect(terminal.taken).toHaveLength(10)
  terminal.room = 10_000
  vi.advanceTimersByTime(100)
  expect(terminal.taken).toContain("number 0")
  expect(terminal.taken).toContain("number 999")
  expect(terminal.frames).toBe(2)
})

test("a terminal that is slow to take frames gets two a second, each the newest there was", () => {
  const terminal = SlowTerminal.opened(0)
  for (let number = 0; number < 500; number++) {
    // Some 50 bytes a frame, which take 200 ms.
    terminal.room = 5
    terminal.frame(`number ${number}`)
    vi.advanceTimersByTime(20)
  }
  expect(terminal.frames).toBeGreaterThanOrEqual(19)
  expect(terminal.frames).toBeLessThanOrEqual(21)
})

test("what is no frame waits for the one that is on its way, keeps nobody waiting, and comes before the newest", () => {
  const terminal = SlowTerminal.opened(10)
  terminal.frame("first")
  terminal.frame("second")
  terminal.ink("\x1b]52;c;eA==\x07")
  expect(terminal.taken).toHaveLength(10)
  terminal.room = 10_000
  vi.advanceTimersByTime(1_000)
  expect(terminal.taken).toMatch(/first.*\x1b\[\?2026l\x1b\]52;c;eA==\x07\x1b\[\?2026h.*second/s)
})

test("nothing is drawn on the screen of the shell", () => {
  const terminal = SlowTerminal.opened(10)
  terminal.frame("first")
  terminal.frame("second")
  terminal.reads = 7
  terminal.ink(LEAVE)
  terminal.room = 10_000
  vi.advanceTimersByTime(1_000)
  expect(terminal.taken.endsWith(`\x1b[?7h${eraseRows(24)}${LEAVE}`)).toBe(true)
})

test("after a resize that leads to no frame, the last one is drawn again, whole", () => {
  const terminal = SlowTerminal.opened(1_000)
  terminal.frame("too small")
  terminal.output.refresh()
  vi.runAllTimers()
  expect(terminal.frames).toBe(2)
  expect(terminal.taken.split("too small")).toHaveLength(3)
  terminal.output.refresh()
  terminal.frame("still too small")
  vi.runAllTimers()
  expect(terminal.frames).toBe(3)
})

test.each([
  ["", 10_000, () => {}],
  [", and a program that is to end a twentieth of that", 500, (output: FrameOutput) => output.endSoon()],
])(
  "a terminal that is stuck delays leaving by ten seconds%s; when it goes on, the screen is drawn whole",
  (_, ms, prepare) => {
    const terminal = SlowTerminal.opened(10)
    prepare(terminal.output)
    terminal.frame("first")
    const began = performance.now()
    for (const chunk of ["\x1b[?25h", "\x1b[?2004l"]) terminal.ink(chunk)
    expect(performance.now()).toBe(began)
    for (const chunk of [LEAVE, "\x1b[?25h"]) terminal.ink(chunk)
    expect(performance.now() - began).toBeGreaterThanOrEqual(ms)
    expect(performance.now() - began).toBeLessThan(1.1 * ms)
    terminal.room = 10_000
    terminal.ink(ENTER)
    terminal.frame("whole")
    vi.advanceTimersByTime(1_000)
    // What the first frame had set is no more.
    expect(terminal.taken).toMatch(/\x1b\[m\x1b\[r\x1b\[2J.*whole/s)
  },
)

test("whoever waits for a frame hears of the first that is made after that, once the terminal has taken it", () => {
  const terminal = SlowTerminal.opened(10)
  terminal.frame("before")
  const done = vi.fn()
  terminal.output.whenDrawn(done)
  terminal.room = 10_000
  vi.advanceTimersByTime(50)
  expect(terminal.taken).toContain("before")
  expect(done).not.toHaveBeenCalled()
  terminal.room = 10
  terminal.frame("dropped")
  terminal.frame("newest")
  expect(done).not.toHaveBeenCalled()
  terminal.room = 10_000
  vi.advanceTimersByTime(1_000)
  expect(terminal.taken).toContain("newest")
  expect(done).toHaveBeenCalledOnce()
  terminal.output.whenDrawn(done)
  terminal.frame("newest")
  expect(done).toHaveBeenCalledTimes(2)
})
