import { Box } from "ink"
import { shown } from "../../../domain/safe-text.ts"
import { Line, Lines, type Piece, piece } from "../../widgets/line.tsx"
import { type Column, layOut, MARK, TableHeader, TableRow } from "../../widgets/table.tsx"
import type { TreeRow } from "./tree-row.ts"
import type { TreePlace } from "./use-tree-place.ts"

/** Most columns of the table: in a wider one the numbers are too far from their names. */
const WIDEST = 132

interface Drawn<Row> {
  readonly heading: readonly (readonly Piece[])[]
  /** Undefined until the tree is read. */
  readonly place: TreePlace<Row> | undefined
  /** The first one holds the lines of the tree. */
  readonly table: readonly Column<Row>[]
  /** Draws a row that is no node; its text has the whole row. */
  readonly other?: (row: Row, room: number) => Piece
  readonly columns: number
}

/** Draws the heading of a tree and its rows in sight. */
export function TreeBody<Row extends TreeRow>({ heading, place, table, other, columns }: Drawn<Row>) {
  const layout = layOut(table, Math.min(columns, WIDEST))
  const [[, room] = [undefined, columns]] = layout.columns
  const { rows, state, height } = place ?? { rows: [], state: { top: 0, cursor: 0 }, height: 0 }
  return (
    <Box flexDirection="column">
      <Lines lines={heading} columns={columns} />
      {place && <TableHeader layout={layout} columns={columns} />}
      {rows.slice(state.top, state.top + height).map((row, index) => {
        const selected = state.top + index === state.cursor
        const { key } = row
        if (row.openness !== undefined) return <TableRow key={key} {...{ layout, row, columns, selected }} />
        const pieces = [piece(selected ? MARK : shown` `), ...(other ? [other(row, room)] : [])]
        return <Line key={key} {...{ pieces, columns, selected }} />
      })}
    </Box>
  )
}
