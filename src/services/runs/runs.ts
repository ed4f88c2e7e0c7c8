import { type Kysely, sql } from "kysely"
import type { z } from "zod"
import { inOrder } from "../../adapters/postgres/cursor.ts"
import { sortedBy } from "../../adapters/postgres/order.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { page } from "../../domain/fields.ts"
import { run, runFilter, runRow } from "../../domain/run.ts"
import { type RunSums, readRunSums, runSums, SUMMED } from "../../domain/run-sums.ts"
import { type FilteredTable, findFilter, usersNamed } from "../list-filter.ts"
import { MODEL_INDEX, modelsNamed } from "../models.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { defineSorts, inPeriod, needsPeriod, orderFor, pageInOrder, SORT_PERIOD, sortOption } from "../sort.ts"
import { countOf } from "../total.ts"
import { describedRuns, keptRuns, withNumbers } from "./described-runs.ts"
import { ERROR_CLASS, failedWith } from "./run-error.ts"
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

/** In an answer only where they are asked for. */
const SUMS = { sums: runSums.optional() }

/** Time limit for the sums of a command: tens of millions of rows take long. */
const SUM_TIMEOUT_MS = 120_000

const SUMMED_COLUMNS = SUMMED.map(column => `runs.${column}` as const)

const input = runFilter.extend({ sort: sortOption(SORTS) })

/** Contract, section 2: `runs list`, without deleted runs. For the console also with the user and the organization. */
export const listRuns = defineOperation({
  words: ["runs", "list"],
  mayLag: true,
  summary: "the runs of agents, newest first",
  caveat: hiddenRows,
  remark: asked =>
    needsPeriod(runFilter, SORTS, asked)
      ? `sorted among the runs of ${SORT_PERIOD.name}; since:7d, for example, looks further back`
      : undefined,
  input,
  sorts: SORTS,
  answer: page(runRow).extend(SUMS),
  run: runPage,
  rows: async (db, filter) => (await runsOf(db, filter)).select(SUMMED_COLUMNS),
  summed: SUMMED,
  contract: { answer: page(run).extend(SUMS) },
})

export const commands = [listRuns]

function runPage({ postgres, signal }: OperationContext, request: RunFilter) {
  return postgres.run(
    async db => {
      const order = await orderFor(db, SORTS, request)
      const runs = await runsOf(db, request)
      const page = inOrder(runs.selectAll(), order, request)
      const described = describedRuns(db, page).select([TOKENS.as("total_tokens"), ERROR_CLASS.as("error_class")])
      const rows = await sortedBy(described, order).execute()
      const listed = pageInOrder(rows.map(withNumbers), request.limit, order)
      return request.sums ? { ...listed, sums: await sumsOf(db, runs) } : listed
    },
    signal,
    request.sums ? SUM_TIMEOUT_MS : undefined,
  )
}

/** Sums up all runs of the filter, exactly. */
async function sumsOf(db: Kysely<Tables>, runs: Awaited<ReturnType<typeof runsOf>>): Promise<RunSums> {
  const { rows, sums = {} } = await countOf(db, runs.select(SUMMED_COLUMNS), SUMMED)
  return readRunSums(rows, sums)
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

const runsOf = (db: Kysely<Tables>, filter: RunFilter) => foundRuns(db, inPeriod(runFilter, SORTS, filter))

/** The runs that a filter of runs finds. */
export const foundRuns = async (db: Kysely<Tables>, filter: object) =>
  keptRuns(db).where((await findFilter(db, FILTERED, filter)).condition)
