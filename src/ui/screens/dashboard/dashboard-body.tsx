import { Box } from "ink"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import type { DetailState } from "../../kit/detail/detail-state.ts"
import type { Size } from "../../kit/screen.ts"
import { Line, type Piece, piece } from "../../widgets/line.tsx"
import { MARK } from "../../widgets/table.tsx"
import type { DashboardLine } from "./dashboard-lines.ts"

interface BodyProps {
  readonly lines: readonly DashboardLine[]
  readonly state: DetailState
  readonly size: Size
}

/** The lines in sight; of the selected one, the part that leads somewhere stands out. */
export function DashboardBody({ lines, state, size }: BodyProps) {
  return (
    <Box flexDirection="column">
      {lines.slice(state.top, state.top + size.rows).map(({ pieces, beside = [] }, index) => {
        const isSelected = state.selected !== undefined && state.top + index === state.cursor
        const line = [...(isSelected ? [selected(pieces)] : pieces), ...beside]
        return <Line key={state.top + index} pieces={line} columns={size.columns} />
      })}
    </Box>
  )
}

/** The mark stands in the margin. */
function selected(pieces: readonly Piece[]): Piece {
  const text = pieces.map(([text]) => text).join("")
  return piece(shown`${MARK}${text.slice(1) as Shown}`, "selected")
}
