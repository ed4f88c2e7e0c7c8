import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { FrameWriter } from "../../../src/ui/terminal/frame-writer.ts"
import { saysMargins } from "../../../src/ui/terminal/margins.ts"
import { hasUnterm, screenAfter } from "../../support/unterm.ts"

const COLUMNS = 110
const ROWS = 16
/** Columns of the log; the panel stands beside it. */
const LOG = 80

function openWriter() {
  const writer = new FrameWriter()
  writer.allowMargins()
  return (lines: readonly string[]) => writer.draw(lines, COLUMNS)
}

/** A row of the log that no other resembles. */
const entry = (number: number) =>
  `12:00:0${number % 10}  \x1b[32m200\x1b[39m  ${String.fromCharCode(97 + (number % 26)).repeat(50)} ${number}`
const padded = (text: string, columns = LOG) =>
  text + " ".repeat(Math.max(0, columns - text.replace(/\x1b\[[\d;]*m/g, "").length))
const panel = (row: number, figure = 0) => `│ \x1b[1mmover ${row}\x1b[22m  \x1b[7m ${figure}/s \x1b[27m`

test("beside a log that scrolls, only what comes into view and what changed is written", () => {
  const draw = openWriter()
  const frame = (from: number, figure: number) => [
    "top",
    ...Array.from({ length: ROWS - 2 }, (_, row) => padded(entry(from + row)) + panel(row, row === 3 ? figure : 0)),
    "bottom",
  ]
  draw(frame(0, 1))
  const scrolled = draw(frame(2, 1))
  expect(scrolled).toContain("\x1b[?69h\x1b[1;")
  for (const once of [/mover/g, /(\w)\1{49}/g]) expect(scrolled.match(once)).toHaveLength(2)
  const counted = draw(frame(3, 7))
  expect(counted).toContain("7")
  expect(counted.match(/mover/g)).toHaveLength(1)
  expect(draw(frame(3, 7))).toBe("")
})

test("a terminal has margins that says of the mode that it is set or reset", () => {
  expect(["\x1b[?69;1$y", "\x1b[?69;2$y"].every(saysMargins)).toBe(true)
  expect(["\x1b[?69;0$y", "\x1b[?69;4$y", "\x1b[?2026;2$y", "\x1b[?69;2c"].some(saysMargins)).toBe(false)
})

const odd = fc.constantFrom("", "│ a gap of 12 entries │", "王 wide 😀", "\x1b[41mfailed\x1b[49m", "e\u0301")
const left = fc.oneof({ weight: 6, arbitrary: fc.nat(60).map(entry) }, { weight: 1, arbitrary: odd })
const right = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.nat(20), fc.nat(9)).map(([row, figure]) => panel(row, figure)) },
  { weight: 1, arbitrary: odd },
)
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("entries" as const),
      fresh: fc.array(left, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("panel" as const), at: fc.nat(ROWS - 3), text: right }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("back" as const), fresh: fc.array(left, { minLength: 1, maxLength: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("dialog" as const), at: fc.nat(ROWS - 5), column: fc.nat(LOG) }),
  },
)

describe.skipIf(!hasUnterm)("in a terminal with margins", () => {
  test("whatever came before, every cell is as if the frame had been drawn whole", () => {
    const lines = fc.tuple(
      fc.array(left, { minLength: ROWS - 2, maxLength: ROWS - 2 }),
      fc.array(right, { minLength: ROWS - 2, maxLength: ROWS - 2 }),
    )
    fc.assert(
      fc.property(lines, fc.array(event, { minLength: 1, maxLength: 8 }), ([log, beside], events) => {
        const draw = openWriter()
        const frame = () => ["top", ...log.map((text, row) => padded(text) + beside[row]), "bottom"]
        let output = draw(frame())
        let shown = frame()
        for (const event of events) {
          if (event.kind === "entries") log = [...log, ...event.fresh].slice(-log.length)
          if (event.kind === "back") log = [...event.fresh, ...log].slice(0, log.length)
          if (event.kind === "panel") beside = beside.with(event.at, event.text)
          shown = frame()
          if (event.kind === "dialog") shown = shown.with(event.at, `${" ".repeat(event.column)}│ are you sure? │`)
          output += draw(shown)
        }
        expect(screenAfter(output, COLUMNS, ROWS)).toBe(
          screenAfter(new FrameWriter().draw(shown, COLUMNS), COLUMNS, ROWS),
        )
      }),
      { numRuns: 100 },
    )
  })
})
