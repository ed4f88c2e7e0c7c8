import { type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { FieldText } from "../keys/text-field.ts"
import { type Piece, piece } from "./line.tsx"

/** Draws a field: the part around the cursor that fits `columns`, with the cell of the cursor marked. */
export function fieldPieces(
  field: FieldText,
  columns: number,
  options: { secret?: boolean; focused?: boolean } = {},
): Piece[] {
  const { clusters, cursor } = field
  const cells = (from: number, to: number) => cellsOf(clusters.slice(from, to), options.secret)
  if (!options.focused) return [piece(join(cells(0, columns + 1)))]
  const here = cells(cursor, cursor + columns)
  return [
    piece(join(inSight(field, columns, options.secret))),
    piece(here[0] ?? shown` `, "cursor"),
    piece(join(here.slice(1))),
  ]
}

/** Column of the character at `index` of the text, from the left end of a focused field. */
export function columnOf(field: FieldText, index: number, columns: number): number {
  let at = 0
  let cell = 0
  while (cell < field.clusters.length && at < index) at += (field.clusters[cell++] as string).length
  const from = field.cursor - inSight(field, columns).length
  return width(join(cellsOf(field.clusters.slice(from, cell))))
}

const cellsOf = (clusters: readonly string[], secret = false): Shown[] =>
  clusters.map(cluster => (secret ? shown`•` : show(cluster)))

/**
 * Returns the cells before the cursor that fit, with room for the cursor. Each takes a column at least: what is further
 * away is not looked at, since a value from a database can be a megabyte.
 */
function inSight({ clusters, cursor }: FieldText, columns: number, secret = false): Shown[] {
  const cells = cellsOf(clusters.slice(Math.max(0, cursor - columns), cursor), secret)
  let taken = 1
  let from = cells.length
  while (from > 0 && taken + width(cells[from - 1] as Shown) < columns) taken += width(cells[--from] as Shown)
  return cells.slice(from)
}

const join = (cells: readonly Shown[]): Shown => cells.reduce((all, cell) => shown`${all}${cell}`, shown``)
