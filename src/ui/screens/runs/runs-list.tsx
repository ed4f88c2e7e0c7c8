import type { RunRow } from "../../../domain/run.ts"
import { type RunSums, readRunSums } from "../../../domain/run-sums.ts"
import { shown } from "../../../domain/safe-text.ts"
import { listRuns } from "../../../services/runs/runs.ts"
import type { Table } from "../../kit/table/table-model.ts"
import { defineNarrowedTable, defineTable } from "../../kit/table/table-screen.tsx"
import { shortUserName } from "../../widgets/cells.ts"
import { compact, money } from "../../widgets/format.ts"
import { cancel } from "../shared/run-changes.ts"
import { browsedRunColumns } from "../shared/run-columns.ts"
import { runScreen } from "./run-detail.tsx"

const runs: Table<typeof listRuns.input, RunRow> = {
  id: "runs",
  title: "Runs",
  tabKey: "4",
  summary: listRuns.summary,
  inside: [runScreen],
  operation: listRuns,
  noun: ["run", "runs"],
  rowId: run => run.run_id,
  sums: ({ rows, sums }) => (sums === undefined ? shown`too many to sum up` : sumsText(readRunSums(rows, sums))),
  open: ({ run_id }, shell) => shell.open("run", { run_id }),
  filters: [{ field: "status", key: "v", without: shown`of any status` }],
  narrowings: [
    { field: "user_id", label: "user", value: run => run.created_by_user_id, name: shortUserName },
    { field: "org_id", label: "organization", value: run => run.org_id, name: run => run.org_name },
    { field: "model", label: "model", value: run => run.model, name: run => run.model },
    { field: "error_class", label: "error", value: run => run.error_class, name: run => run.error_class },
    { field: "parent_run_id", label: "parent", value: run => run.parent_run_id, name: () => null },
  ],
  bulk: { changes: [cancel], name: run => `run ${run.run_id.slice(0, 8)}` },
  columns: browsedRunColumns,
}

/** `$ 30.41 · 13.7 M tokens`, over all runs of the list. */
export const sumsText = ({ total_input_tokens, total_output_tokens, total_cost_usd }: RunSums) =>
  shown`${money(BigInt(Math.round(Number(total_cost_usd) * 1e8)))} · ${compact(total_input_tokens + total_output_tokens)} tokens`

/** List of runs. */
export const runsScreen = defineTable(runs)

/** List of the runs of one user or organization, or of one status. */
export const runsOfScreen = defineNarrowedTable(runs)
