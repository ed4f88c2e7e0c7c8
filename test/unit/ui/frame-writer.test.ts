import { expect, test } from "vitest"
import { CURSOR_CELL } from "../../../src/ui/terminal/cursor.ts"
import { Drawing } from "../../support/drawing.ts"

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
  const drawing = new Drawing(30, 12)
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
