import { type Cells, cellsOf } from "./row-cells.ts"

const ERASE_LINE = "\x1b[K"
const STYLE_OFF = "\x1b[m"

/**
 * What turns the row `before`, counted from 0, into `after` in a terminal of `columns`: the cells that differ, where it is
 * certain in which columns they are and that is shorter, else the whole row.
 */
export function rowChange(row: number, before: string, after: string, columns: number): string {
  const part = changedPart(before, after, columns)
  return `\x1b[${row + 1}H${part !== undefined && part.length < after.length ? part : ERASE_LINE + after}`
}

/** Undefined where that is not certain, or all of it: of a blank row, as all are in the first frame, nothing stays. */
function changedPart(before: string, after: string, columns: number): string | undefined {
  if (before === "") return undefined
  const [old, cells] = [cellsOf(before), cellsOf(after)]
  // Of a row that is too long the last column has what came last.
  const fits = (one: Cells | undefined): one is Cells => one !== undefined && one.characters.length <= columns
  return fits(old) && fits(cells) ? cellChanges(old, cells) : undefined
}

/** From the first column on, what differs. */
function cellChanges(before: Cells, after: Cells): string {
  const width = after.characters.length
  let changes = ""
  let style = ""
  let next = 0
  for (let column = 0; column < width; column++) {
    if (isSame(before, after, column)) continue
    changes += passing(after, next, column, style)
    const wanted = after.styles[column] as string
    if (wanted !== style) changes += (style && STYLE_OFF) + wanted
    changes += after.characters[column]
    style = wanted
    next = column + 1
  }
  if (before.characters.length > width) changes += over(width - next) + STYLE_OFF + ERASE_LINE
  return changes + STYLE_OFF
}

/** Behind its end a row is blank. */
const isSame = (before: Cells, after: Cells, column: number) =>
  (before.characters[column] ?? " ") === after.characters[column] &&
  (before.styles[column] ?? "") === after.styles[column]

const over = (columns: number) => (columns === 0 ? "" : `\x1b[${columns}C`)

/** Goes past what did not change: over it, or by writing it again where that is shorter. */
function passing({ characters, styles }: Cells, from: number, to: number, style: string): string {
  const move = over(to - from)
  const isShorter = to - from <= move.length && styles.slice(from, to).every(one => one === style)
  return isShorter ? characters.slice(from, to).join("") : move
}
