import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { askTerminal } from "../../../src/ui/terminal/question.ts"
import { type TerminalEvent, TerminalInput } from "../../../src/ui/terminal/terminal-input.ts"

const REPLY = "\x1b[?1;2c"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What the console hears of an arrow whose ESC comes 60 ms before its rest. */
function arrowInPieces(input: TerminalInput): readonly TerminalEvent[] {
  const events: TerminalEvent[] = []
  const stop = input.listen(told => void events.push(...told))
  input.take(Buffer.from("\x1b"))
  vi.advanceTimersByTime(60)
  input.take(Buffer.from("[A"))
  vi.advanceTimersByTime(1000)
  stop()
  return events
}

test("where nothing says how far the terminal is, the rest of a key is waited for as at a remote one, until it replies soon", () => {
  const input = new TerminalInput({ escapeDelayMs: undefined, mouse: false })
  expect(arrowInPieces(input)).toEqual(["up"])
  expect(input.replied(150)).toBe(false)
  expect(arrowInPieces(input)).toEqual(["up"])
  expect(input.replied(5)).toBe(true)
  expect(arrowInPieces(input)).toEqual(["esc", "[", "A"])
})

test("what is set, or said by SSH, stays", () => {
  const input = new TerminalInput({ escapeDelayMs: 100, mouse: false })
  expect(input.replied(5)).toBe(true)
  expect(arrowInPieces(input)).toEqual(["up"])
})

/** A terminal that replies after so many milliseconds each. */
function asked(questions: readonly string[], afterMs: readonly number[]) {
  const written: string[] = []
  const took: number[] = []
  let hear: ((reply: string) => void) | undefined
  const delays = [...afterMs]
  const leave = askTerminal(
    questions,
    text => {
      written.push(text)
      setTimeout(() => hear?.(REPLY), delays.shift() ?? 0)
    },
    told => {
      hear = told
      return () => {
        hear = undefined
      }
    },
    () => {},
    ms => {
      took.push(Math.round(ms))
      return ms < 50
    },
  )
  return { written, took, leave }
}

test("a terminal whose reply came late is asked for it again, by that question alone, until it comes soon", () => {
  const { written, took } = asked(["\x1b]11;?\x1b\\"], [300, 120, 1, 1])
  vi.advanceTimersByTime(60_000)
  expect(took).toEqual([300, 120, 1])
  expect(written).toEqual(["\x1b]11;?\x1b\\\x1b[c", "\x1b[c", "\x1b[c"])
})

test("a remote one is asked four times at the most, and nothing is asked once it is left", () => {
  const { took } = asked([], [150, 150, 150, 150, 150])
  vi.advanceTimersByTime(60_000)
  expect(took).toEqual([150, 150, 150, 150])
  const listeners = process.listenerCount("exit")
  const left = asked([], [150, 150])
  vi.advanceTimersByTime(500)
  left.leave()
  vi.advanceTimersByTime(60_000)
  expect(left.took).toEqual([150])
  expect(process.listenerCount("exit")).toBe(listeners)
})

test.each([REPLY, "\x1b[?69;2$y", "\x1b[<64;120;45M"])(
  "Esc just before %j, which the terminal sends by itself, is Esc",
  report => {
    const input = new TerminalInput({ escapeDelayMs: 100, mouse: false })
    const events: TerminalEvent[] = []
    input.listen(told => void events.push(...told))
    input.take(Buffer.from("\x1b"))
    vi.advanceTimersByTime(60)
    input.take(Buffer.from(report))
    vi.advanceTimersByTime(1000)
    expect(events).toEqual(["esc"])
  },
)
