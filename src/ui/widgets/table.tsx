import { fit, type Shown, shown, width } from "../../domain/safe-text.ts"
import { inverted, Line, type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/** Column of a table in one record, so that header, cell, width and alignment cannot drift apart. */
export interface Column<Row> {
  readonly header: Shown
  /** Returns the cell of a row; `room` is the column's present width. */
  readonly cell: (row: Row, room: number) => Piece
  /** Width in screen columns; `rest` takes what the others leave. */
  readonly width: number | "rest"
  /** Least width of `rest`. Default: 12. */
  readonly least?: number
  /** Width where there is plenty of room; for `rest`, its width before others take more than theirs. */
  readonly roomy?: number
  readonly align?: "left" | "right"
  /** On a narrow screen the column with the highest number is dropped first; one without a number never. */
  readonly dropAs?: number
}

const REST_AT_LEAST = 12
const REST_IF_ROOMY = 52
export const MARK: Shown = shown`▌`

/** The columns that fit, each with its width on the screen, separated by one space. */
export interface Layout<Row> {
  readonly columns: readonly (readonly [column: Column<Row>, width: number])[]
}

export function layOut<Row>(columns: readonly Column<Row>[], screenColumns: number): Layout<Row> {
  const room = screenColumns - 1
  const least = (column: Column<Row>) => (column.width === "rest" ? (column.least ?? REST_AT_LEAST) : column.width)
  const taken = (kept: readonly Column<Row>[]) => kept.reduce((sum, column) => sum + least(column) + 1, 0)
  let kept = columns
  while (taken(kept) > room) {
    const next = kept.reduce((a, b) => ((b.dropAs ?? 0) > (a.dropAs ?? 0) ? b : a))
    if (next.dropAs === undefined) break
    kept = kept.filter(column => column !== next)
  }
  let spare = Math.max(0, room - taken(kept))
  const rest = kept.find(column => column.width === "rest")
  const forRest = rest === undefined ? 0 : (rest.roomy ?? REST_IF_ROOMY) - least(rest)
  const widths = kept.map(column => {
    const more = column.width === "rest" ? 0 : (column.roomy ?? 0) - least(column)
    if (more <= 0 || spare - more < forRest) return least(column)
    spare -= more
    return column.roomy as number
  })
  return {
    columns: kept.map((column, index) => [
      column,
      (widths[index] as number) + (column.width === "rest" ? spare + 1 : 0),
    ]),
  }
}

export function TableHeader<Row>({ layout, columns }: { layout: Layout<Row>; columns: number }) {
  return <Line pieces={headerPieces(layout)} columns={columns} />
}

export const headerPieces = <Row,>(layout: Layout<Row>): Piece[] =>
  layout.columns.flatMap(([column, cellWidth]) => [
    piece(shown` `),
    piece(fit(column.header, cellWidth, column.align), "dim"),
  ])

/** Emphasis of a row: the selected one has a mark, and is inverse where its list has the keyboard. */
export type RowEmphasis = "plain" | "selected" | "left"

interface RowProps<Row> {
  readonly layout: Layout<Row>
  readonly row: Row
  readonly columns: number
  readonly selected: boolean
  /** Whether the operator marked it for a bulk change. */
  readonly marked?: boolean
}

/** Row of a table: cells between single spaces; the selected one has a mark as well as being inverse. */
export function TableRow<Row>({ layout, row, columns, selected, marked }: RowProps<Row>) {
  const pieces = emphasized(rowPieces(layout, row), selected ? "selected" : "plain", columns, marked)
  return <Line pieces={pieces} columns={columns} />
}

/** Returns the cells of a row with its emphasis; the mark replaces the space before the first cell. */
export function emphasized(cells: readonly Piece[], how: RowEmphasis, columns: number, marked = false): Piece[] {
  const [gap, ...others] = cells as [Piece, ...Piece[]]
  const edge = marked ? piece(how === "plain" ? shown`●` : shown`◆`, "key") : how === "plain" ? gap : piece(MARK)
  const pieces = [edge, ...others]
  return how === "selected" ? inverted(pieces, columns) : pieces
}

/** Returns the cells of one row, each after a space. */
export const rowPieces = <Row,>(layout: Layout<Row>, row: Row): Piece[] =>
  layout.columns.flatMap(([column, cellWidth]) => {
    const [text, tone] = column.cell(row, cellWidth)
    return [piece(shown` `), piece(fit(text, cellWidth, column.align), tone)]
  })

/** Returns a row with a note, centred between dots: ` ┄┄┄ text ┄┄┄`. */
export function notePieces(text: Shown, tone: Tone, columns: number): Piece[] {
  const side = Math.max(1, Math.floor((Math.min(columns, 100) - width(text) - 3) / 2))
  const dots = "┄".repeat(side) as Shown
  return [piece(shown` `), piece(shown`${dots} ${text} ${dots}`, tone)]
}
