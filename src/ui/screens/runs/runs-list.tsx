import type { RunRow } from "../../../domain/run.ts"
import { shown } from "../../../domain/safe-text.ts"
import { listRuns } from "../../../services/runs/runs.ts"
import type { Table } from "../../kit/table/table-model.ts"
import { defineNarrowedTable, defineTable } from "../../kit/table/table-screen.tsx"
import { shortUserName } from "../../widgets/cells.ts"
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
  open: ({ run_id }, shell) => shell.open("run", { run_id }),
  filters: [{ field: "status", key: "v", without: shown`of any status` }],
  narrowings: [
    { field: "user_id", label: "user", value: run => run.created_by_user_id, name: shortUserName },
    { field: "org_id", label: "organization", value: run => run.org_id, name: run => run.org_name },
  ],
  bulk: { changes: [cancel], name: run => `run ${run.run_id.slice(0, 8)}` },
  columns: browsedRunColumns,
}

/** List of runs. */
export const runsScreen = defineTable(runs)

/** List of the runs of one user or organization, or of one status. */
export const runsOfScreen = defineNarrowedTable(runs)
