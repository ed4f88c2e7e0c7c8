import { type Shown, show } from "../../../domain/safe-text.ts"
import { wrap } from "../../widgets/wrap.ts"
import type { JsonLine } from "./json-tree.ts"

/** Rows of the lines that are not folded away: a long line takes several. */
export interface JsonLayout {
  readonly lines: readonly JsonLine[]
  readonly folds: ReadonlySet<number>
  readonly columns: number
  /** Indexes of the lines in sight, rising. */
  readonly visible: readonly number[]
  /** First row of each of them and, at the end, the number of all rows. */
  readonly starts: readonly number[]
}

/** A row: that part of a line, from 0. */
export interface Place {
  readonly line: number
  readonly part: number
}

/** Deepest indentation, as a share of the columns: what is deeper stands no further to the right. */
const DEEPEST = 0.5
const INDENT = 2

export const indentOf = ({ depth }: JsonLine, columns: number): number =>
  Math.min(depth * INDENT, Math.floor(columns * DEEPEST))

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/** Lays the lines out, but for those that are folded away. */
export function layOutJson(lines: readonly JsonLine[], folds: ReadonlySet<number>, columns: number): JsonLayout {
  const visible: number[] = []
  const starts: number[] = []
  let row = 0
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as JsonLine
    visible.push(at)
    starts.push(row)
    row += folds.has(at) ? 1 : rowsOf(line, columns)
    if (folds.has(at)) at = line.end
  }
  starts.push(row)
  return { lines, folds, columns, visible, starts }
}

function rowsOf(line: JsonLine, columns: number): number {
  const { name, text } = line
  const fits = name.length + text.length <= columns - indentOf(line, columns)
  return fits && PRINTABLE_ASCII.test(text) && PRINTABLE_ASCII.test(name) ? 1 : partsOf(line, columns).length
}

/** Bytes of a line that are shown. */
const LONGEST_LINE = 1024 * 1024

const wrapped = new WeakMap<JsonLine, { readonly columns: number; readonly parts: readonly Shown[] }>()

/** The rows of a line that is not folded. */
export function partsOf(line: JsonLine, columns: number): readonly Shown[] {
  const known = wrapped.get(line)
  if (known?.columns === columns) return known.parts
  const parts = wrap(show(line.name + line.text, LONGEST_LINE), Math.max(1, columns - indentOf(line, columns)))
  if (parts.length > 1) wrapped.set(line, { columns, parts })
  return parts
}

export const rowCount = ({ starts }: JsonLayout): number => starts.at(-1) as number

/** Returns what stands in a row, the nearest one where there is no such row. */
export function placeOf({ visible, starts }: JsonLayout, row: number): Place {
  const within = Math.min(Math.max(0, row), (starts.at(-1) as number) - 1)
  const at = lastUpTo(starts, within)
  return { line: visible[at] as number, part: within - (starts[at] as number) }
}

/** Returns the row of a place; of one that is folded away the row of what hides it. */
export function rowOf({ visible, starts }: JsonLayout, { line, part }: Place): number {
  const at = lastUpTo(visible, line)
  const first = starts[at] as number
  return visible[at] === line ? Math.min(first + part, (starts[at + 1] as number) - 1) : first
}

/** Returns the index of the last number that is at most `most`; the numbers rise. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((numbers[middle] as number) <= most) low = middle
    else high = middle - 1
  }
  return low
}
