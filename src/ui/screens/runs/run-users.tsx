import { withValue } from "../../../domain/list-filter.ts"
import { readRunSums } from "../../../domain/run-sums.ts"
import type { UserOfRuns } from "../../../domain/run-users.ts"
import { shown } from "../../../domain/safe-text.ts"
import { listUsersOfRuns } from "../../../services/runs/run-users.ts"
import { SORT_PERIOD } from "../../../services/sort.ts"
import type { Shell } from "../../kit/shell.ts"
import type { TableModel } from "../../kit/table/table-model.ts"
import { defineNarrowedTable } from "../../kit/table/table-screen.tsx"
import { shortUserName, userCell } from "../../widgets/cells.ts"
import { dollars, grouped, percent } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { sumsText } from "./runs-list.tsx"

/** Users by what their runs cost within a period. */
export const runUsersScreen = defineNarrowedTable<typeof listUsersOfRuns.input, UserOfRuns>({
  id: "run-users",
  title: "Cost by user",
  summary: listUsersOfRuns.summary,
  operation: listUsersOfRuns,
  noun: ["user", "users"],
  rowId: ({ user_id }) => user_id ?? "",
  sums: ({ rows, sums }) =>
    sums === undefined ? shown`too many to sum up` : shown`in all ${sumsText(readRunSums(rows, sums))}`,
  open: openRuns,
  bindings: [
    {
      keys: ["u"],
      label: "user",
      footer: true,
      help: "the user of the selected row",
      possible: ({ selected }) => !!selected?.user_id || "no user started these runs",
      run: ({ selected, shell }) => selected?.user_id && shell.open("user", { id: selected.user_id }),
    },
  ],
  columns: [
    {
      header: shown`USER`,
      identity: true,
      width: "rest",
      least: 16,
      roomy: 40,
      cell: (row, room) => (shortUserName(row) ? userCell(row, room) : piece(shown`no user`, "dim")),
    },
    {
      header: shown`COST $`,
      field: "total_cost_usd",
      width: 11,
      align: "right",
      cell: ({ total_cost_usd }) => piece(dollars(total_cost_usd)),
    },
    { header: shown`SHARE`, width: 5, align: "right", cell: ({ share }) => piece(percent(share), "dim") },
    { header: shown`RUNS`, field: "runs", width: 8, align: "right", cell: ({ runs }) => piece(grouped(runs)) },
    {
      header: shown`FAILED`,
      field: "failed",
      width: 8,
      align: "right",
      cell: ({ failed }) => piece(grouped(failed), failed > 0n ? "plain" : "dim"),
    },
    {
      header: shown`TOKENS IN`,
      width: 13,
      align: "right",
      dropAs: 1,
      cell: ({ total_input_tokens }) => piece(grouped(total_input_tokens)),
    },
    {
      header: shown`OUT`,
      width: 11,
      align: "right",
      dropAs: 2,
      cell: ({ total_output_tokens }) => piece(grouped(total_output_tokens)),
    },
  ],
})

/** Leads to the runs that a row sums up. */
function openRuns({ user_id }: UserOfRuns, shell: Shell, { filter, isBounded }: TableModel<UserOfRuns>): void {
  if (user_id === null) {
    shell.say([piece(shown`these runs have no user to list them by`, "look")])
    return
  }
  const own = withValue(listUsersOfRuns.input, filter, "user_id", user_id)
  shell.open("runsOf", { filter: own, ...(isBounded && { since: SORT_PERIOD.since }) })
}
