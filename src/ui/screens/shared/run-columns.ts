import { isRunning, type Run, type RunRow } from "../../../domain/run.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { cellOf, NONE, shortUserName, TIME, textCell, timeCell, userCell } from "../../widgets/cells.ts"
import { dollars, duration, grouped, shortIds } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { orgCell } from "./org-cell.ts"
import { runState } from "./states.ts"

/** What the columns need of a run, whoever started it; on some lists with its class of error. */
type Counted = Omit<Run, "created_by_user_id"> & { readonly error_class?: string | null }

const started: Column<Counted> = {
  header: shown`STARTED`,
  field: "created_at",
  identity: true,
  ...TIME,
  cell: (run, room) => timeCell(run.created_at, room),
}

const status: Pick<Column<Counted>, "header" | "field" | "cell"> = {
  header: shown`STATUS`,
  field: "status",
  cell: statusCell,
}

const took: Column<Counted> = {
  header: shown`TOOK`,
  field: "duration_ms",
  width: 6,
  align: "right",
  cell: tookCell,
}

const numbers: readonly Column<Counted>[] = [
  {
    header: shown`TOKENS IN`,
    width: 11,
    align: "right",
    dropAs: 4,
    after: 20,
    cell: run => cellOf(run.total_input_tokens, grouped),
  },
  { header: shown`OUT`, width: 9, align: "right", dropAs: 5, cell: run => cellOf(run.total_output_tokens, grouped) },
  {
    header: shown`COST $`,
    field: "total_cost_usd",
    width: 9,
    align: "right",
    dropAs: 1,
    cell: run => cellOf(run.total_cost_usd, dollars),
  },
]

const model = { header: shown`MODEL`, cell: (run: Counted) => textCell(run.model) }

/** Columns of the runs of one user, organization or run. */
export const runColumns: readonly Column<Counted>[] = [
  started,
  { ...status, width: 11 },
  took,
  ...numbers,
  { ...model, width: "rest", roomy: 24 },
]

/** Columns of all runs. Why one failed matters more than whose account it is on, which mostly has the user's name. */
export const browsedRunColumns: readonly Column<RunRow>[] = [
  started,
  { ...status, least: 11, width: 28 },
  took,
  {
    header: shown`USER`,
    width: "rest",
    least: 14,
    roomy: 30,
    cell: (run, room) => (shortUserName(run) ? userCell(run, room) : idCell(run.created_by_user_id)),
  },
  {
    header: shown`ORGANIZATION`,
    width: 14,
    roomy: 24,
    dropAs: 3,
    after: 18,
    cell: run => orgCell(run.org_name, run.org_id),
  },
  ...numbers,
  { ...model, least: 14, width: 17, roomy: 24, dropAs: 2, after: 16 },
]

const idCell = (id: string | null): Piece => (id === null ? NONE : piece(show(shortIds(id)), "dim"))

/** Draws how long a run took; of one that has not ended, in the tone of what is running, how long it takes so far. */
export function tookCell(run: Pick<Run, "duration_ms" | "status" | "created_at">): Piece {
  if (run.duration_ms !== null || !isRunning(run)) return cellOf(run.duration_ms, ms => duration(Number(ms)))
  return piece(duration(Math.max(0, Date.now() - Date.parse(run.created_at))), "key")
}

/** Draws `failed provider.timeout` where there is room for most of it, else the status alone. */
function statusCell({ status, error_class }: Counted, room: number): Piece {
  const [text, tone] = runState(status)
  return error_class && room >= 20 ? piece(shown`${text} ${show(error_class)}`, tone) : [text, tone]
}
