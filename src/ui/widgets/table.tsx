import { fit, type Shown, shown, width } from "../../domain/safe-text.ts"
import { inverted, Line, type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/** Column of a table in one record, so that header, cell, width and alignment cannot drift apart. */
export interface Column<Row> {
  readonly header: Shown
  /** Field of the contract's record that the column shows as it is, where a list can be sorted by it. */
  readonly field?: string
  /** Arrow behind the header: the rows are sorted by the column. */
  readonly arrow?: Shown
  /** Returns the cell of a row; `room` is the column's present width. */
  readonly cell: (row: Row, room: number) => Piece
  /** Width in screen columns; `rest` takes what the others leave. */
  readonly width: number | "rest"
  /** Width below which it is not shown; for `rest`, its width before others are shown or widened. Default: `width`, or 12. */
  readonly least?: number
  /** Width where there is plenty of room; for `rest`, its width before others take more than theirs. */
  readonly roomy?: number
  readonly align?: "left" | "right"
  /** On a narrow screen the column with the highest number is dropped first; one without a number never. */
  readonly dropAs?: number
  /** It tells rows apart: it cannot be hidden. */
  readonly identity?: true
  /** Width that `rest` has before this column is shown. Default: its least. */
  readonly after?: number
}

const REST_AT_LEAST = 12
const REST_IF_ROOMY = 52
export const MARK: Shown = shown`▌`

/** The columns that fit, each with its width on the screen, separated by one space. */
export interface Layout<Row> {
  readonly columns: readonly (readonly [column: Column<Row>, width: number])[]
}

/**
 * Lays columns out in a fixed order of steps, of which a wider screen takes more: first the columns that are never dropped,
 * then one column after another, then their roomy widths. So no column is narrower on a wider screen. What a step is
 * short of stays blank.
 */
export function layOut<Row>(columns: readonly Column<Row>[], screenColumns: number): Layout<Row> {
  const widths = new Map<Column<Row>, number>()
  let left = screenColumns
  const widen = (column: Column<Row> | undefined, to: number) => {
    const present = column && widths.get(column)
    if (column === undefined || present === undefined) return
    const by = Math.max(0, Math.min(to - present, left))
    widths.set(column, present + by)
    left -= by
  }
  const add = (column: Column<Row>, width = leastOf(column)) => {
    widths.set(column, width)
    left -= width + 1
  }
  const rest = columns.find(column => column.width === "rest")
  const kept = columns.filter(column => column.dropAs === undefined)
  const dropped = columns.filter(column => column.dropAs !== undefined)
  for (const column of kept) if (column !== rest) add(column)
  if (rest && rest.dropAs === undefined) add(rest, Math.max(REST_AT_LEAST, Math.min(leastOf(rest), left - 1)))
  for (const column of kept) widen(column, widthOf(column))
  dropped.sort((a, b) => (a.dropAs as number) - (b.dropAs as number))
  for (const column of dropped) {
    widen(rest, column.after ?? 0)
    if (left <= leastOf(column)) break
    add(column)
    widen(column, widthOf(column))
  }
  if (widths.size === columns.length) {
    widen(rest, rest?.roomy ?? REST_IF_ROOMY)
    for (const column of columns) if (column !== rest) widen(column, column.roomy ?? 0)
    widen(rest, Number.POSITIVE_INFINITY)
  }
  return {
    columns: columns.flatMap(column => {
      const width = widths.get(column)
      return width === undefined ? [] : [[column, width] as const]
    }),
  }
}

const leastOf = <Row,>({ least, width }: Column<Row>): number => least ?? (width === "rest" ? REST_AT_LEAST : width)
const widthOf = <Row,>(column: Column<Row>): number => (column.width === "rest" ? leastOf(column) : column.width)

export function TableHeader<Row>({ layout, columns }: { layout: Layout<Row>; columns: number }) {
  return <Line pieces={headerPieces(layout)} columns={columns} />
}

export const headerPieces = <Row,>(layout: Layout<Row>): Piece[] =>
  layout.columns.flatMap(([column, cellWidth]) => [
    piece(shown` `),
    piece(headerText(column, cellWidth), column.arrow === undefined ? "dim" : "plain"),
  ])

/** The header, cut so that an arrow stays in sight. */
function headerText<Row>({ header, arrow, align }: Column<Row>, cellWidth: number): Shown {
  if (arrow === undefined) return fit(header, cellWidth, align)
  const room = cellWidth - width(arrow)
  const name = width(header) < room ? shown`${header} ` : width(header) > room ? fit(header, room) : header
  return fit(shown`${name}${arrow}`, cellWidth, align)
}

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
