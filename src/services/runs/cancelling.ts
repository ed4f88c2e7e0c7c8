import { type Kysely, sql, type Transaction } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { isRunning } from "../../domain/run.ts"
import type { CancelResult, RunCancel } from "../../domain/run-cancel.ts"
import { CANCEL_REQUESTED, RUN_ENDS } from "../../domain/run-end.ts"
import { EVENT_SEQUENCE } from "../grants.ts"
import type { ChangeContext } from "../operation.ts"
import { noRun } from "./run-status.ts"

/** Runs that were asked for, and their descendants that are running. */
export interface Wanted {
  readonly runs: readonly string[]
  readonly children: readonly string[]
}

/** Levels of descendants that are looked at; a run that is its own ancestor ends there. */
const DEEPEST = 20

/** Ids of the runs that `asked` means. Throws DeckError "not_found" for a run that does not exist. */
export async function wantedRuns(db: Kysely<Tables>, asked: RunCancel): Promise<Wanted> {
  const named = await db
    .selectFrom("runs")
    .select("id")
    .$if(asked.run_id !== undefined, query => query.where("id", "=", asked.run_id as string))
    .$if(asked.run_id === undefined, query => query.where("status", "=", "running"))
    .$if(asked.user !== undefined, query => query.where("created_by_user_id", "=", asked.user as string))
    .$if(asked.org !== undefined, query => query.where("org_id", "=", asked.org as string))
    .execute()
  const runs = named.map(({ id }) => id)
  if (asked.run_id !== undefined && runs.length === 0) throw noRun(asked.run_id)
  return { runs, children: await runningBelow(db, runs) }
}

/** Ids of the running descendants of `runs` that are not among them. */
async function runningBelow(db: Kysely<Tables>, runs: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive below(id, status, depth) as (
      select id, status, 1 from runs where parent_run_id = ${anyOf(runs)}
      union
      select runs.id, runs.status, depth + 1 from runs join below on runs.parent_run_id = below.id where depth < ${DEEPEST}
    )
    select distinct id from below where status = 'running' and id <> all(${runs}::uuid[])`.execute(db)
  return rows.map(({ id }) => id)
}

/**
 * Asks the workers to end those of `runs` that have neither ended nor been asked to (contract, section 8): the event, the
 * status and the notice that wakes them, under a lock of each run. Answers what became of each, in the order of `runs`.
 */
export async function requestCancels(
  tx: Transaction<Tables>,
  runs: readonly string[],
  by: Pick<ChangeContext, "operator" | "traceId">,
): Promise<CancelResult[]> {
  const results = await statesOf(tx, runs)
  const requested = results.filter(({ result }) => result === "requested").map(({ run_id }) => run_id)
  if (requested.length > 0) await request(tx, requested, by)
  return results
}

/** Locks runs for cancelling. In the order of their ids, so that two operators never wait for each other. */
export const lockRuns = (tx: Transaction<Tables>, runs: readonly string[]) =>
  tx.selectFrom("runs").select("id").where("id", "=", anyOf(runs)).orderBy("id").forUpdate().execute()

/** What asking for the end of each run comes to, by its events; a run whose status alone says that it ended has ended. */
export async function statesOf(db: Kysely<Tables>, runs: readonly string[]): Promise<CancelResult[]> {
  const rows = await db
    .selectFrom("runs")
    .select(["id as run_id", "status"])
    .select(({ selectFrom }) =>
      selectFrom("run_events")
        .whereRef("run_events.run_id", "=", "runs.id")
        .where("type", "in", [...RUN_ENDS, CANCEL_REQUESTED])
        .orderBy(({ eb }) => eb("type", "=", CANCEL_REQUESTED))
        .select("type")
        .limit(1)
        .as("last"),
    )
    .where("id", "=", anyOf(runs))
    .execute()
  const results = new Map(rows.map(({ run_id, status, last }) => [run_id, { run_id, result: resultOf(status, last) }]))
  return runs.flatMap(id => results.get(id) ?? [])
}

function resultOf(status: string, last: string | null): CancelResult["result"] {
  if (last === CANCEL_REQUESTED) return "already"
  return last === null && isRunning({ status }) ? "requested" : "ended"
}

/**
 * The number of the new event: runs begun on older deployments drew theirs from one sequence, which is told by a lowest
 * one that is not 1.
 */
const NEXT_SEQ = sql`case when lowest = 1 then highest + 1
  else greatest(highest + 1, nextval(to_regclass(${EVENT_SEQUENCE}))) end`

async function request(
  tx: Transaction<Tables>,
  runs: readonly string[],
  { operator, traceId }: Pick<ChangeContext, "operator" | "traceId">,
): Promise<void> {
  await sql`
    insert into run_events (run_id, seq, type, data_json)
    select run_id, ${NEXT_SEQ}, ${CANCEL_REQUESTED}, jsonb_build_object(
      'trace_id', ${traceId}::text, 'last_seen_seq', highest, 'visible_seq_cutoff', highest,
      'requested_by_user_id', ${operator.userId}::text
    )
    from unnest(${runs}::uuid[]) as asked(run_id), lateral (
      select coalesce(max(seq), 0) as highest, coalesce(min(seq), 1) as lowest
      from run_events where run_events.run_id = asked.run_id
    ) as numbers`.execute(tx)
  await tx
    .updateTable("runs")
    .set({ status: "cancelling", status_updated_at: sql<string>`now()` })
    .where("id", "=", anyOf(runs))
    .execute()
  await sql`select pg_notify('arkloop:run_cancel', id::text) from unnest(${runs}::uuid[]) as id`.execute(tx)
}
