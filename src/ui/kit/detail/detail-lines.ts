import { shown, width } from "../../../domain/safe-text.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { type Column, headerPieces, layOut, rowPieces } from "../../widgets/table.tsx"
import type { Shell } from "../shell.ts"

/** One row of the body. Its first piece is a margin, in which the mark of the selected row stands. */
export interface DetailLine {
  readonly pieces: readonly Piece[]
  /** What Enter does on it, and the name it is known by from one reading to the next. */
  readonly key?: string
  readonly open?: (shell: Shell) => void
  /** What it tells of, raw, where that can be copied: an id, or a row of a small table. */
  readonly copyable?: unknown
}

/** What stands before every row that is no heading. */
export const MARGIN = shown`   `
export const textLine = (...pieces: Piece[]): DetailLine => ({ pieces: [piece(MARGIN), ...pieces] })

/** A small table of a section: its columns, what a row is known by, and what Enter does on it. */
export interface SmallTable<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly open?: (row: Row, shell: Shell) => void
}

/** `rows` under their titles; untitled columns have no row for it. */
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
