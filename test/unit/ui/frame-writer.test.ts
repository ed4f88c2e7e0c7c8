import xterm from "@xterm/headless"
import fc from "fast-check"
import { expect, test } from "vitest"
import { CURSOR_CELL } from "../../../src/ui/terminal/cursor.ts"
import { FrameWriter } from "../../../src/ui/terminal/frame-writer.ts"

/** A terminal, and the writer that draws on it. */
class Drawing {
  readonly terminal: xterm.Terminal
  readonly writer = new FrameWriter()
  written = ""

  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  }

  async frame(lines: readonly string[]): Promise<void> {
    this.written = this.writer.draw(lines.slice(0, this.terminal.rows), this.terminal.cols)
    await this.write(this.written)
  }

  write(text: string): Promise<void> {
    return new Promise(resolve => this.terminal.write(text, resolve))
  }

  /** Every cell with its character, its width and its colours. */
  get cells(): string[] {
    const { active } = this.terminal.buffer
    return Array.from({ length: this.terminal.rows }, (_, row) => {
      const line = active.getLine(active.baseY + row)
      return Array.from({ length: this.terminal.cols }, (_, column) => {
        const cell = line?.getCell(column)
        const colours = `${cell?.getFgColor()}/${cell?.getBgColor()}`
        const style = `${cell?.isInverse() ? "i" : ""}${cell?.isBold() ? "b" : ""}${cell?.isDim() ? "d" : ""}`
        return `${cell?.getChars() || " "}${cell?.getWidth()}${colours}${style}`
      }).join("|")
    })
  }

  /** What the screen would be, had `lines` been all that was ever drawn. */
  async whole(lines: readonly string[]): Promise<string[]> {
    const fresh = new Drawing(this.terminal.cols, this.terminal.rows)
    await fresh.frame(lines)
    return fresh.cells
  }
}

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

test("rows that did not change are not written again", async () => {
  const drawing = new Drawing(20, 8)
  await drawing.frame(["one", "two", "three"])
  await drawing.frame(["one", "2", "three"])
  expect(drawing.written).toContain("2")
  expect(drawing.written).not.toContain("one")
  await drawing.frame(["one", "2", "three"])
  expect(drawing.written).toBe("")
})

/** Rows that have next to nothing in common with one another. */
const numbered = (from: number) =>
  Array.from({ length: 8 }, (_, row) => `row ${String.fromCharCode(97 + from + row).repeat(40)}`)

test("of a row that changes in its middle, only that is written", async () => {
  const drawing = new Drawing(80, 4)
  const clock = (time: string) => ` \x1b[1mopsdeck\x1b[22m  local  \x1b[32m●\x1b[39m redis  \x1b[2m${time}\x1b[22m UTC`
  await drawing.frame([clock("12:30:09")])
  await drawing.frame([clock("12:30:10")])
  expect(drawing.written).toContain("10")
  expect(drawing.written).not.toContain("30")
  expect(drawing.written).not.toContain("UTC")
  expect(drawing.cells).toEqual(await drawing.whole([clock("12:30:10")]))
})

test.each([
  ["up", 1],
  ["up, several at once", 3],
  ["down", -1],
  ["down, several at once", -3],
])("rows that moved %s are not written again", async (_, by) => {
  const drawing = new Drawing(80, 10)
  await drawing.frame(["top", ...numbered(10), "bottom"])
  const next = ["the top", ...numbered(10 + by), "bottom"]
  await drawing.frame(next)
  expect(drawing.written.match(/(\w)\1{39}/g)).toHaveLength(Math.abs(by))
  expect(drawing.written).toContain("the top")
  expect(drawing.cells).toEqual(await drawing.whole(next))
})

test("beside what moves, of what stays in its place only the cells that differ are written", async () => {
  const drawing = new Drawing(110, 10)
  const panel = (row: number) => `\x1b[${row % 2 === 0 ? 36 : 1}mmover ${row}\x1b[0m${" ".repeat(12)}of the panel`
  const beside = (lines: string[]) => lines.map((line, row) => line.padEnd(70) + panel(row))
  await drawing.frame(["top", ...beside(numbered(10)), "bottom"])
  const next = ["top", ...beside(numbered(11)), "bottom"]
  await drawing.frame(next)
  expect(drawing.written.match(/(\w)\1{39}/g)).toHaveLength(1)
  expect(drawing.written.match(/of the panel/g)).toHaveLength(1)
  expect(drawing.cells).toEqual(await drawing.whole(next))
})

test("rows that moved under a dialog move, and the dialog stays", async () => {
  const drawing = new Drawing(80, 10)
  const under = (lines: string[]) => lines.with(3, "│ sure? │").with(4, "└───────┘")
  await drawing.frame(["top", ...under(numbered(10)), "bottom"])
  const next = ["top", ...under(numbered(11)), "bottom"]
  await drawing.frame(next)
  expect(drawing.written.match(/(\w)\1{39}/g)).toHaveLength(2)
  expect(drawing.cells).toEqual(await drawing.whole(next))
})

test("the cursor stands at the marked cell, which is drawn plain, and is hidden without one", async () => {
  const drawing = new Drawing(COLUMNS, ROWS)
  let shown = true
  drawing.terminal.parser.registerCsiHandler({ prefix: "?", final: "l" }, ([mode]) => {
    if (mode === 25) shown = false
    return false
  })
  drawing.terminal.parser.registerCsiHandler({ prefix: "?", final: "h" }, ([mode]) => {
    if (mode === 25) shown = true
    return false
  })
  const marked = (before: string, cell: string, after: string) =>
    `${before}${CURSOR_CELL[0]}${cell}${CURSOR_CELL[1]}${after}`
  const place = () => {
    const { cursorX, cursorY } = drawing.terminal.buffer.active
    return shown ? [cursorY, cursorX] : undefined
  }
  await drawing.frame(["title", "text"])
  expect(place()).toBeUndefined()
  await drawing.frame(["title", marked("\x1b[36m王\x1b[39mt", "e", "xt")])
  expect(place()).toEqual([1, 3])
  expect(drawing.cells).toEqual(await drawing.whole(["title", "\x1b[36m王\x1b[39mtext"]))
  await drawing.frame(["title", marked("\x1b[36m王\x1b[39m", "t", "ext")])
  expect(place()).toEqual([1, 2])
  await drawing.frame([marked("", "t", "itle"), "\x1b[36m王\x1b[39mtext"])
  expect(place()).toEqual([0, 0])
  await drawing.frame(["title", "\x1b[36m王\x1b[39mtext"])
  expect(place()).toBeUndefined()
  expect(drawing.written.length).toBeLessThan(40)
})
