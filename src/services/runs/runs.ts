import { type Kysely, sql } from "kysely"
import type { z } from "zod"
import { inOrder } from "../../adapters/postgres/cursor.ts"
import { sortedBy } from "../../adapters/postgres/order.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { page } from "../../domain/fields.ts"
import { run, runFilter, runRow } from "../../domain/run.ts"
import { type FilteredTable, findFilter, usersNamed } from "../list-filter.ts"
import { MODEL_INDEX, modelsNamed } from "../models.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { defineSorts, inPeriod, needsPeriod, orderFor, pageInOrder, SORT_PERIOD, sortOption } from "../sort.ts"
import { describedRuns, keptRuns, withNumbers } from "./described-runs.ts"
import { failedWith } from "./run-error.ts"
import { COST, isCost, isDuration, isTokens, TOKENS } from "./run-measures.ts"

/** What runs can be sorted by. */
const SORTS = defineSorts(
  { created_at: "runs_newest", status: "runs_status_newest", run_id: "runs_pkey" },
  () => ["deleted_at is null"],
  {
    total_cost_usd: { value: COST, type: "numeric" },
    duration_ms: { value: sql.ref("runs.duration_ms"), type: "bigint" },
    total_tokens: { value: TOKENS, type: "numeric" },
  },
)

const input = runFilter.extend({ sort: sortOption(SORTS) })

/** Contract, section 2: `runs list`, without deleted runs. For the console also with the user and the organization. */
export const listRuns = defineOperation({
  words: ["runs", "list"],
  summary: "the runs of agents, newest first",
  caveat: hiddenRows,
  remark: asked =>
    needsPeriod(runFilter, SORTS, asked)
      ? `sorted among the runs of ${SORT_PERIOD.name}; since:7d, for example, looks further back`
      : undefined,
  input,
  sorts: SORTS,
  answer: page(runRow),
  run: runPage,
  rows: async (db, filter) => (await runsOf(db, filter)).select("runs.id"),
  contract: { answer: page(run) },
})

export const commands = [listRuns]

function runPage({ postgres, signal }: OperationContext, request: RunFilter) {
  return postgres.run(async db => {
    const order = await orderFor(db, SORTS, request)
    const page = inOrder((await runsOf(db, request)).selectAll(), order, request)
    const rows = await sortedBy(describedRuns(db, page).select(TOKENS.as("total_tokens")), order).execute()
    return pageInOrder(rows.map(withNumbers), request.limit, order)
  }, signal)
}

type RunFilter = z.output<typeof input>

const FILTERED: FilteredTable = {
  input: runFilter,
  table: "runs",
  time: "runs.created_at",
  always: "deleted_at is null",
  terms: {
    status: { by: "runs.status", index: "runs_status_newest" },
    user_id: { by: "runs.created_by_user_id", index: "runs_user", isFew: true, resolve: usersNamed },
    org_id: { by: "runs.org_id", index: "runs_org", isFew: true },
    parent_run_id: { by: "runs.parent_run_id", index: "runs_parent", isFew: true },
    model: { by: "runs.model", index: MODEL_INDEX, resolve: modelsNamed },
    error_class: { by: failedWith },
    cost_min: { by: isCost },
    duration_min: { by: isDuration },
    tokens_min: { by: isTokens },
  },
}

async function runsOf(db: Kysely<Tables>, filter: RunFilter) {
  return keptRuns(db).where((await findFilter(db, FILTERED, inPeriod(runFilter, SORTS, filter))).condition)
}
