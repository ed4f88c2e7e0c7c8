import { type Kysely, type RawBuilder, type Selectable, type SelectQueryBuilder, sql } from "kysely"
import { z } from "zod"
import { inOrder } from "../adapters/postgres/cursor.ts"
import { sortedBy } from "../adapters/postgres/order.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { Decimal } from "../domain/decimal.ts"
import { DeckError } from "../domain/errors.ts"
import { id, page } from "../domain/fields.ts"
import { inspectedRun, run, runDetail, runFilter, runRow } from "../domain/run.ts"
import { type FilteredTable, findFilter, usersNamed } from "./list-filter.ts"
import { MODEL_INDEX, modelsNamed } from "./models.ts"
import { defineOperation, type OperationContext } from "./operation.ts"
import { hiddenRows } from "./row-security.ts"
import { defineSorts, orderFor, pageInOrder, sortOption } from "./sort.ts"

/** What runs can be sorted by. */
const SORTS = defineSorts({ created_at: "runs_newest", status: "runs_status_newest", run_id: "runs_pkey" }, () => [
  "deleted_at is null",
])

const input = runFilter.extend({ sort: sortOption(SORTS) })

/** Contract, section 2: `runs list`, without deleted runs. For the console also with the user and the organization. */
export const listRuns = defineOperation({
  words: ["runs", "list"],
  summary: "the runs of agents, newest first",
  caveat: hiddenRows,
  input,
  sorts: SORTS,
  answer: page(runRow),
  run: runPage,
  rows: async (db, filter) => (await runsOf(db, filter)).select("runs.id"),
  contract: { answer: page(run) },
})

const oneRun = z.object({ run_id: id.meta({ label: "the id of the run", positional: true }) })

/** Contract, section 2: `runs show`. Throws DeckError `not_found`. For the console also with the cause of a failure. */
export const showRun = defineOperation({
  words: ["runs", "show"],
  summary: "one run, its route and the numbers of its events",
  input: oneRun,
  answer: inspectedRun,
  async run(context, input) {
    const run = await completeRun(context, input)
    const { postgres, signal } = context
    return { ...run, failure: await postgres.run(db => failureOf(db, run.run_id), signal) }
  },
  contract: { answer: runDetail, run: completeRun },
})

export const commands = [listRuns, showRun]

function completeRun({ postgres, signal }: OperationContext, { run_id }: z.output<typeof oneRun>) {
  return postgres.run(async db => {
    const found = await described(db, kept(db).selectAll().where("runs.id", "=", run_id)).executeTakeFirst()
    if (found === undefined) throw new DeckError("not_found", `there is no run with the id ${run_id}`)
    return { ...withNumbers(found), events: await eventCounts(db, run_id) }
  }, signal)
}

function runPage({ postgres, signal }: OperationContext, request: RunFilter) {
  return postgres.run(async db => {
    const order = await orderFor(db, SORTS, request)
    const page = inOrder((await runsOf(db, request)).selectAll(), order, request)
    const rows = await sortedBy(described(db, page), order).execute()
    return pageInOrder(rows.map(withNumbers), request.limit, order)
  }, signal)
}

/** Runs that are not deleted. */
const kept = (db: Kysely<Tables>) => db.selectFrom("runs").where("runs.deleted_at", "is", null)

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
    model: { by: "runs.model", index: MODEL_INDEX, resolve: modelsNamed },
  },
}

async function runsOf(db: Kysely<Tables>, filter: RunFilter) {
  return kept(db).where((await findFilter(db, FILTERED, filter)).condition)
}

/** Joins the first route of each run, and the names of its user and organization. */
const described = (db: Kysely<Tables>, runs: SelectQueryBuilder<Tables, "runs", Selectable<Tables["runs"]>>) =>
  db
    .selectFrom(runs.as("runs"))
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom("run_events")
          .select([
            routed("model").as("model"),
            routed("provider_kind").as("provider_kind"),
            routed("credential_name").as("credential_name"),
            routed("persona_model").as("persona_model"),
          ])
          .whereRef("run_events.run_id", "=", "runs.id")
          .where("run_events.type", "=", "run.route.selected")
          .orderBy("run_events.seq")
          .limit(1)
          .as("route"),
      join => join.onTrue(),
    )
    .select(["runs.id as run_id", "runs.org_id", "runs.thread_id", "runs.status"])
    .select(eb => eb.fn.coalesce("route.model", "runs.model").as("model"))
    .select(["runs.persona_id", "route.provider_kind", "route.credential_name", "route.persona_model"])
    .select(["runs.duration_ms", "runs.total_input_tokens", "runs.total_output_tokens", "runs.total_cost_usd"])
    .select(["runs.created_at", "runs.completed_at", "runs.failed_at", "runs.created_by_user_id"])
    .leftJoin("users", "users.id", "runs.created_by_user_id")
    .leftJoin("user_credentials", "user_credentials.user_id", "runs.created_by_user_id")
    .leftJoin("orgs", "orgs.id", "runs.org_id")
    .select(["user_credentials.login", "users.username", "orgs.name as org_name"])

/** The string of this name in the event's data; null for any other type, and for an empty one. */
function routed(name: string): RawBuilder<string | null> {
  const value = sql`${sql.ref("run_events.data_json")} -> ${sql.lit(name)}`
  return sql`case when jsonb_typeof(${value}) = 'string' then nullif(${value} #>> '{}', '') end`
}

type Numbers = "duration_ms" | "total_input_tokens" | "total_output_tokens" | "total_cost_usd"

/** Converts the numbers of a row exactly: neither bigint nor numeric fits a double. */
const withNumbers = <Row extends Record<Numbers, string | null>>(row: Row) => ({
  ...row,
  duration_ms: integer(row.duration_ms),
  total_input_tokens: integer(row.total_input_tokens),
  total_output_tokens: integer(row.total_output_tokens),
  total_cost_usd: row.total_cost_usd === null ? null : new Decimal(row.total_cost_usd),
})

const integer = (text: string | null) => (text === null ? null : BigInt(text))

async function eventCounts(db: Kysely<Tables>, runId: string): Promise<z.output<typeof runDetail>["events"]> {
  const counts = await db
    .selectFrom("run_events")
    .select(({ fn }) => [
      fn.countAll<string>().as("total"),
      fn.countAll<string>().filterWhere("type", "=", "llm.request").as("llm_turns"),
      fn.countAll<string>().filterWhere("type", "=", "tool.call").as("tool_calls"),
      fn.countAll<string>().filterWhere("type", "=", "run.provider_fallback").as("provider_fallbacks"),
    ])
    .where("run_id", "=", runId)
    .executeTakeFirstOrThrow()
  return {
    total: BigInt(counts.total),
    llm_turns: BigInt(counts.llm_turns),
    tool_calls: BigInt(counts.tool_calls),
    provider_fallbacks: BigInt(counts.provider_fallbacks),
  }
}

/** Reads the newest event with a class of error or, where there is none, of a failure's type. */
async function failureOf(db: Kysely<Tables>, runId: string): Promise<z.output<typeof inspectedRun>["failure"]> {
  const event = await db
    .selectFrom("run_events")
    .select(["type", "error_class", "tool_name"])
    .where("run_id", "=", runId)
    .where(({ or, eb }) => or([eb("error_class", "is not", null), eb("type", "like", "%.failed")]))
    .orderBy(({ eb }) => eb("error_class", "is", null))
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst()
  return event ?? null
}
