import { type Shown, show, shown, width } from "../../domain/safe-text.ts"
import { type Piece, piece } from "./line.tsx"
import type { FieldText } from "./text-field.ts"

/** A field as it is drawn: the part around the cursor that fits `columns`, the cursor itself inverse. */
export function fieldPieces(
  field: FieldText,
  columns: number,
  options: { secret?: boolean; focused?: boolean } = {},
): Piece[] {
  const cells = cellsOf(field, options.secret)
  if (!options.focused) return [piece(join(cells))]
  const from = firstVisible(cells, field.cursor, columns)
  const before = join(cells.slice(from, field.cursor))
  const after = join(cells.slice(field.cursor + 1))
  return [piece(before), piece(cells[field.cursor] ?? shown` `, "selected"), piece(after)]
}

/** Where the place before the character at `index` of the text is drawn, in columns from the left end of a focused field. */
export function columnOf(field: FieldText, index: number, columns: number): number {
  const cells = cellsOf(field)
  const from = firstVisible(cells, field.cursor, columns)
  let at = 0
  let cell = 0
  while (cell < cells.length && at < index) at += (field.clusters[cell++] as string).length
  return width(join(cells.slice(from, cell)))
}

const cellsOf = (field: FieldText, secret = false): Shown[] =>
  field.clusters.map(cluster => (secret ? shown`•` : show(cluster)))

/** The first cell to draw so that the cursor stays in sight. */
function firstVisible(cells: readonly Shown[], cursor: number, columns: number): number {
  let taken = 1
  let from = cursor
  while (from > 0 && taken + width(cells[from - 1] as Shown) < columns) taken += width(cells[--from] as Shown)
  return from
}

const join = (cells: readonly Shown[]): Shown => cells.reduce((all, cell) => shown`${all}${cell}`, shown``)
