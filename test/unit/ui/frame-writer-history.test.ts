import fc from "fast-check"
import { expect, test } from "vitest"
import { Drawing } from "../../support/drawing.ts"

const COLUMNS = 30
const ROWS = 12

const cluster = fc.constantFrom("a", "b", " ", "王", "😀", "e\u0301", "\x1b[32mg\x1b[39m", "\x1b[41mred\x1b[49m", "─")
const even = fc.constantFrom(
  "a",
  "b",
  " ",
  "7",
  "─",
  "●",
  "…",
  "\x1b[32mg\x1b[39m",
  "\x1b[2mdim\x1b[22m",
  "\x1b[41mred\x1b[49m",
)
const digit = fc.constantFrom("1", "2")
/** Rows that differ in a character or two and are styled alike, to their ends. */
const alike = fc
  .tuple(digit, digit, digit, digit)
  .map(([a, b, c, d]) => ` ${a} of the log \x1b[41m${b} \x1b[49m at rest \x1b[44m${c}${d}\x1b[49m`)
/** A log, and beside it something that stays where it is. */
const halves = fc
  .tuple(fc.constantFrom("one", "two", "three"), fc.string({ unit: even, maxLength: 8 }))
  .map(([left, right]) => `\x1b[1m${left.padEnd(12, ".")}\x1b[22m │ \x1b[7m\x1b[33m${right}\x1b[39m\x1b[27m`)
const row = fc.oneof(
  { weight: 2, arbitrary: alike },
  { weight: 2, arbitrary: halves },
  { weight: 1, arbitrary: fc.string({ unit: cluster, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: even, maxLength: 30 }) },
)
const rows = (maxLength: number) => fc.array(row, { minLength: 1, maxLength })

/** What may come between one frame and the next. */
const event = fc.oneof(
  fc.record({
    kind: fc.constant("scroll" as const),
    top: fc.integer({ min: 0, max: 4 }),
    height: fc.integer({ min: 2, max: ROWS }),
    by: fc.integer({ min: -ROWS, max: ROWS }),
    fresh: rows(ROWS),
  }),
  fc.record({ kind: fc.constant("new" as const), rows: rows(ROWS) }),
  fc.record({ kind: fc.constant("row" as const), at: fc.nat(ROWS - 1), row }),
  fc.record({
    kind: fc.constant("part" as const),
    at: fc.nat(ROWS - 1),
    from: fc.nat(40),
    length: fc.nat(4),
    text: fc.constantFrom("7", "88", "─", "王", "\u0301", "\x1b[32m9\x1b[39m"),
  }),
  fc.record({
    kind: fc.constant("dialog" as const),
    at: fc.nat(ROWS - 3),
    text: fc.constantFrom("│ are you sure? │", "│ 確認 😀 │"),
  }),
  fc.record({
    kind: fc.constant("resize" as const),
    columns: fc.integer({ min: 4, max: COLUMNS }),
    rows: fc.integer({ min: 1, max: ROWS }),
    late: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("suspension" as const) }),
)
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

/** The rows in [top, top + height) moved `by` up, and fresh ones where they were. */
function scrolled(lines: readonly string[], { top, height, by, fresh }: Event & { kind: "scroll" }): string[] {
  const bottom = Math.min(lines.length, top + height)
  return lines.map((line, row) => {
    if (row < top || row >= bottom) return line
    const from = row + by
    return (from >= top && from < bottom ? lines[from] : fresh[row % fresh.length]) as string
  })
}

/** Some characters of a row turned into others. */
function replaced(line: string, { from, length, text }: Event & { kind: "part" }): string {
  const tokens = line.match(/\x1b\[[\d;]*m|./gsu) ?? []
  const styles = tokens.slice(from, from + length).filter(token => token.startsWith("\x1b"))
  return [...tokens.slice(0, from), text, ...styles, ...tokens.slice(from + length)].join("")
}

/** The beginning of a row that is too long. */
function cut(line: string, columns: number): string {
  let room = columns
  return (line.match(/\x1b\[[\d;]*m|./gsu) ?? []).filter(token => token.startsWith("\x1b") || room-- > 0).join("")
}

async function after(drawing: Drawing, lines: string[], event: Event): Promise<string[]> {
  switch (event.kind) {
    case "scroll":
      return scrolled(lines, event)
    case "new":
      return event.rows
    case "row":
      return lines.with(event.at % lines.length, event.row)
    case "part":
      return lines.map((line, row) => (row === event.at ? replaced(line, event) : line))
    case "dialog":
      return lines.map((line, row) => (row >= event.at && row < event.at + 3 ? ` ${event.text}` : line))
    case "resize":
      drawing.terminal.resize(event.columns, event.rows)
      // A frame of before that the terminal gets at its new size, scrolled perhaps.
      if (event.late) await drawing.frame([...lines.slice(1), "x".repeat(COLUMNS)])
      drawing.writer.forget()
      // The console hears of it, and draws rows of the new width.
      await drawing.frame(lines)
      return lines.map(line => cut(line, event.columns))
    case "suspension":
      await drawing.write("\x1b[?1049l$ \x1b[45mls\x1b[m\r\nfile\r\n$ fg\r\n\x1b[?1049h")
      drawing.writer.forget()
      return lines
  }
}

test("whatever came before, every cell is as if the frame had been drawn whole", async () => {
  await fc.assert(
    fc.asyncProperty(rows(ROWS), fc.array(event, { minLength: 1, maxLength: 12 }), async (first, events) => {
      const drawing = new Drawing(COLUMNS, ROWS)
      await drawing.write("\x1b[?1049h")
      await drawing.frame(first)
      let lines = first
      for (const event of events) {
        lines = await after(drawing, lines, event)
        await drawing.frame(lines)
        expect(drawing.cells).toEqual(await drawing.whole(lines))
      }
    }),
    { numRuns: 100 },
  )
})
