import type { Run, RunRow } from "../../../domain/run.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { cellOf, NONE, textCell } from "../../widgets/cells.ts"
import { dollars, duration, grouped, shortIds, when } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { runState } from "../states.ts"

const startOfColumns: readonly Column<Run>[] = [
  { header: shown`STARTED`, width: 19, cell: run => piece(when(run.created_at), "dim") },
  { header: shown`STATUS`, width: 11, cell: run => runState(run.status) },
  {
    header: shown`DURATION`,
    width: 8,
    align: "right",
    cell: run => cellOf(run.duration_ms, ms => duration(Number(ms))),
  },
]

const numbers: readonly Column<Run>[] = [
  {
    header: shown`TOKENS IN`,
    width: 11,
    align: "right",
    dropAs: 3,
    cell: run => cellOf(run.total_input_tokens, grouped),
  },
  { header: shown`OUT`, width: 9, align: "right", dropAs: 4, cell: run => cellOf(run.total_output_tokens, grouped) },
  {
    header: shown`COST $`,
    width: 9,
    align: "right",
    dropAs: 2,
    cell: run => cellOf(run.total_cost_usd, dollars),
  },
]

const model: Column<Run> = { header: shown`MODEL`, width: "rest", roomy: 24, cell: run => textCell(run.model) }

/** The columns of runs whose user and organization are known already. */
export const runColumns: readonly Column<Run>[] = [...startOfColumns, ...numbers, model]

/** The columns of runs of anybody. */
export const browsedRunColumns: readonly Column<RunRow>[] = [
  ...startOfColumns,
  { header: shown`USER`, width: 14, roomy: 24, cell: run => nameOr(run.username, run.created_by_user_id) },
  { header: shown`ORGANIZATION`, width: 14, roomy: 24, dropAs: 1, cell: run => nameOr(run.org_name, run.org_id) },
  ...numbers,
  model,
]

const nameOr = (name: string | null, id: string | null): Piece =>
  name ? textCell(name) : id === null ? NONE : piece(show(shortIds(id)), "dim")
