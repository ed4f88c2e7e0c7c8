import { shown, width } from "../../../domain/safe-text.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { type Column, headerPieces, layOut, rowPieces } from "../../widgets/table.tsx"
import type { Shell } from "../shell.ts"

/** Row of the body. Its first piece is the margin, which holds the mark of the selected row. */
export interface DetailLine {
  readonly pieces: readonly Piece[]
  /** Key that identifies the line from one reading to the next; lines without one cannot be selected. */
  readonly key?: string
  readonly open?: (shell: Shell) => void
  /** Raw value for copying: an id, or a row of a small table. */
  readonly copyable?: unknown
}

/** Margin of every row that is no heading. */
export const MARGIN = shown`   `
export const textLine = (...pieces: Piece[]): DetailLine => ({ pieces: [piece(MARGIN), ...pieces] })

/** Small table of a section. */
export interface SmallTable<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly open?: (row: Row, shell: Shell) => void
}

/** Draws `rows` under their titles; untitled columns have no row for them. */
export function tableLines<Row>(
  { columns: all, rowKey, open }: SmallTable<Row>,
  rows: readonly Row[],
  columns: number,
): DetailLine[] {
  const layout = layOut(all, columns - width(MARGIN) + 1)
  const titled = all.some(column => column.header !== "")
  return [
    ...(titled ? [textLine(...headerPieces(layout).slice(1))] : []),
    ...rows.map((row): DetailLine => {
      const line = textLine(...rowPieces(layout, row).slice(1))
      return open ? { ...line, key: rowKey(row), copyable: row, open: shell => open(row, shell) } : line
    }),
  ]
}
