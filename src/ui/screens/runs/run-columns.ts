import type { Run, RunRow } from "../../../domain/run.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { dollars, duration, grouped, shortIds, when } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"

export const RUN_TONES: Readonly<Record<Run["status"], Tone>> = {
  running: "key",
  completed: "good",
  failed: "act",
  cancelled: "dim",
  cancelling: "look",
  interrupted: "look",
}

const NONE = piece(shown`-`, "dim")
const text = (value: string | null): Piece => (value ? piece(show(value, 512)) : NONE)
const orNone = <Value>(value: Value | null, as: (value: Value) => Shown): Piece =>
  value === null ? NONE : piece(as(value))

const startOfColumns: readonly Column<Run>[] = [
  { header: shown`STARTED`, width: 19, cell: run => piece(when(run.created_at), "dim") },
  { header: shown`STATUS`, width: 11, cell: run => piece(show(run.status), RUN_TONES[run.status]) },
  {
    header: shown`DURATION`,
    width: 8,
    align: "right",
    cell: run => orNone(run.duration_ms, ms => duration(Number(ms))),
  },
]

const numbers: readonly Column<Run>[] = [
  {
    header: shown`TOKENS IN`,
    width: 11,
    align: "right",
    dropAs: 3,
    cell: run => orNone(run.total_input_tokens, grouped),
  },
  { header: shown`OUT`, width: 9, align: "right", dropAs: 4, cell: run => orNone(run.total_output_tokens, grouped) },
  {
    header: shown`COST $`,
    width: 9,
    align: "right",
    dropAs: 2,
    cell: run => orNone(run.total_cost_usd, dollars),
  },
]

const model: Column<Run> = { header: shown`MODEL`, width: "rest", roomy: 24, cell: run => text(run.model) }

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
  name ? text(name) : id === null ? NONE : piece(show(shortIds(id)), "dim")
