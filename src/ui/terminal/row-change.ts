import { type Cells, cellsOf, isSameCell } from "./row-cells.ts"
import type { Shown } from "./scroll.ts"

const ERASE_LINE = "\x1b[K"
const STYLE_OFF = "\x1b[m"

/**
 * Returns the sequence that turns the row `before`, number `row` from 0, into `after` in a terminal of `columns`: the
 * cells that differ, where their columns are certain and that is shorter, else the whole row; empty where none differs.
 */
export function rowChange(row: number, before: Shown, after: string, columns: number): string {
  const part = changedPart(before, after, columns)
  if (part === "") return ""
  return `\x1b[${row + 1}H${part !== undefined && part.length < after.length ? part : ERASE_LINE + after}`
}

/** Undefined where columns are not certain, or everything differs: every row is blank before the first frame. */
function changedPart(before: Shown, after: string, columns: number): string | undefined {
  if (before === "" || before === null) return undefined
  const [old, cells] = [typeof before === "string" ? cellsOf(before) : before, cellsOf(after)]
  // The last column of a row that is too long holds its last character.
  const fits = (one: Cells | undefined): one is Cells => one !== undefined && one.characters.length <= columns
  return fits(old) && fits(cells) ? cellChanges(old, cells) : undefined
}

/** Sequence for the cells that differ, from the first column on; empty where none does. */
function cellChanges(before: Cells, after: Cells): string {
  const width = after.characters.length
  let changes = ""
  let style = ""
  let next = 0
  for (let column = 0; column < width; column++) {
    if (isSameCell(before, after, column)) continue
    changes += moveOver(after, next, column, style)
    const wanted = after.styles[column] as string
    if (wanted !== style) changes += (style && STYLE_OFF) + wanted
    changes += after.characters[column]
    style = wanted
    next = column + 1
  }
  if (before.characters.length > width) changes += over(width - next) + STYLE_OFF + ERASE_LINE
  return changes && changes + STYLE_OFF
}

const over = (columns: number) => (columns === 0 ? "" : `\x1b[${columns}C`)

/** Moves past unchanged cells: over them, or by writing them again where that is shorter. */
function moveOver({ characters, styles }: Cells, from: number, to: number, style: string): string {
  const move = over(to - from)
  const isShorter = to - from <= move.length && styles.slice(from, to).every(one => one === style)
  return isShorter ? characters.slice(from, to).join("") : move
}
