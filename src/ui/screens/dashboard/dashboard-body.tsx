import { Box } from "ink"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import type { DetailState } from "../../kit/detail/detail-state.ts"
import type { Size } from "../../kit/screen.ts"
import { Line, type Piece, piece } from "../../widgets/line.tsx"
import { SmallTable } from "../../widgets/small-table.tsx"
import { MARK } from "../../widgets/table.tsx"
import type { DashboardContent, PlacedTable } from "./dashboard-lines.ts"

interface BodyProps {
  readonly content: DashboardContent
  readonly state: DetailState
  readonly size: Size
}

/** Draws the visible lines; of the selected one, the part that can be opened is highlighted. */
export function DashboardBody({ content: { lines, models }, state, size }: BodyProps) {
  return (
    <Box flexDirection="column">
      {lines.slice(state.top, state.top + size.rows).map(({ pieces, beside = [] }, index) => {
        const isSelected = state.selected !== undefined && state.top + index === state.cursor
        const line = [...(isSelected ? [selected(pieces)] : pieces), ...beside]
        return <Line key={state.top + index} pieces={line} columns={size.columns} />
      })}
      <RowsInSight table={models} top={state.top} height={size.rows} />
    </Box>
  )
}

/** Draws the visible rows of a table over the lines that are blank for it. */
function RowsInSight({ table, top, height }: { table: PlacedTable; top: number; height: number }) {
  const first = Math.max(0, top - table.line)
  const rows = table.rows.slice(first, Math.max(0, top + height - table.line))
  if (rows.length === 0) return null
  return (
    <Box position="absolute" marginTop={table.line + first - top} marginLeft={table.column}>
      <SmallTable columns={table.columns} rows={rows} />
    </Box>
  )
}

function selected(pieces: readonly Piece[]): Piece {
  const text = pieces.map(([text]) => text).join("")
  return piece(shown`${MARK}${text.slice(1) as Shown}`, "selected")
}
