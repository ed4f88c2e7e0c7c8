import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import { columnsPresent, type PresentTable } from "../../adapters/postgres/columns-present.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { cacheHitRate, type InspectedRun } from "../../domain/inspected-run.ts"
import { describedRuns, integer, withNumbers } from "./described-runs.ts"

/** Runs with their route, and with the sums of their records of usage. One query, however many runs. */
const withUsage = (db: Kysely<Tables>, runs: SelectQueryBuilder<Tables, "runs", Selectable<Tables["runs"]>>) =>
  describedRuns(db, runs)
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom("usage_records")
          .select(({ fn }) => [
            fn.sum<string | null>("cache_creation_tokens").as("cache_creation_tokens"),
            fn.sum<string | null>("cache_read_tokens").as("cache_read_tokens"),
            fn.sum<string | null>("cached_tokens").as("cached_tokens"),
          ])
          .whereRef("usage_records.run_id", "=", "runs.id")
          .as("usage"),
      join => join.onTrue(),
    )
    .select(["usage.cache_creation_tokens", "usage.cache_read_tokens", "usage.cached_tokens"])
    .select(["runs.deleted_at", "route.credential_id"])
    .select(["users.username as created_by_user_name", "users.email as created_by_email"])

/** Most children that are told one by one. */
const MOST_CHILDREN = 200

/** A run, deleted or not, with its children, oldest first; undefined where there is none of this id. */
export async function runWithChildren(db: Kysely<Tables>, runId: string) {
  const [found] = await withUsage(db, db.selectFrom("runs").selectAll().where("id", "=", runId)).execute()
  if (found === undefined) return undefined
  const oldest = db
    .selectFrom("runs")
    .selectAll()
    .where("parent_run_id", "=", runId)
    .where("id", "<>", runId)
    .orderBy("created_at")
    .orderBy("id")
    .limit(MOST_CHILDREN)
  const children = await withUsage(db, oldest).orderBy("runs.created_at").orderBy("runs.id").execute()
  const kept = await columnsPresent(db, ["credit_transactions", "llm_credentials"])
  const shown = [found, ...children]
  const used = await creditsOf(db, kept.get("credit_transactions"), runId, shown)
  const names = await namesOf(db, kept.get("llm_credentials"), shown)
  const figures = <Row extends (typeof shown)[number]>({ credential_id, routed_model, ...row }: Row) => {
    const counted = {
      ...withNumbers(row),
      cache_creation_tokens: integer(row.cache_creation_tokens),
      cache_read_tokens: integer(row.cache_read_tokens),
      cached_tokens: integer(row.cached_tokens),
    }
    return {
      ...counted,
      // Contract, section 3: the routed model wins.
      model: routed_model ?? row.model,
      credential_name: row.credential_name ?? names.get(credential_id ?? "") ?? null,
      cache_hit_rate: cacheHitRate(counted),
      credits_used: used.of(row.run_id),
    }
  }
  const sums = children.length === 0 ? undefined : await familySums(db, runId)
  return {
    ...figures(found),
    children: children.map(figures),
    children_count: sums?.children ?? 0,
    has_grandchildren: sums !== undefined && (await hasGrandchildren(db, runId)),
    total_aggregate: sums === undefined ? null : { ...sums.totals, credits_used: used.all },
    credits: used.state,
  }
}

interface UsedCredits {
  readonly state: InspectedRun["credits"]
  /** Of the run and all of its children. */
  readonly all: bigint | null
  of(run: string): bigint | null
}

/**
 * Credits that the run and its children used (contract, section 8): nothing but the organization and the time of a transaction
 * can be looked up, so these bound what is read, once for all of them.
 */
async function creditsOf(
  db: Kysely<Tables>,
  table: PresentTable | undefined,
  runId: string,
  shown: readonly { readonly run_id: string }[],
): Promise<UsedCredits> {
  if (!table?.readable) return { state: table === undefined ? "absent" : "hidden", all: null, of: () => null }
  const orgId = sql.ref("org_id")
  const { rows } = await sql<{ id: string | null; credits: string }>`
    with family as materialized (
      select id, ${orgId} as org, created_at from runs where id = ${runId} or parent_run_id = ${runId}
    ), used as (
      select reference_id as id, abs(sum(amount)) as credits from credit_transactions
      where type = 'consumption' and reference_id in (select id from family)
        and ${orgId} = any(array(select org from family)) and created_at >= (select min(created_at) from family)
      group by reference_id
    )
    select id, credits::text from used where id = ${anyOf(shown.map(({ run_id }) => run_id))}
    union all select null, coalesce(sum(credits), 0)::text from used`.execute(db)
  const credits = new Map(rows.map(({ id, credits }) => [id, BigInt(credits)]))
  return { state: "kept", all: credits.get(null) ?? 0n, of: run => credits.get(run) ?? 0n }
}

/** Names of the credentials that the routes of older runs give the ids of alone. */
async function namesOf(
  db: Kysely<Tables>,
  table: PresentTable | undefined,
  runs: readonly { readonly credential_id: string | null; readonly credential_name: string | null }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = runs.flatMap(({ credential_id, credential_name }) =>
    credential_name === null && credential_id !== null && UUID.test(credential_id) ? [credential_id] : [],
  )
  if (!table?.readable || ids.length === 0) return new Map()
  const rows = await db.selectFrom("llm_credentials").select(["id", "name"]).where("id", "=", anyOf(ids)).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Sums over the run and all of its children, however many. */
async function familySums(db: Kysely<Tables>, runId: string) {
  const { children, ...sums } = await db
    .selectFrom("runs")
    .select(({ fn }) => [
      fn.sum<string | null>("total_input_tokens").as("total_input_tokens"),
      fn.sum<string | null>("total_output_tokens").as("total_output_tokens"),
      fn.sum<string | null>("total_cost_usd").as("total_cost_usd"),
      fn.countAll<string>().filterWhere("id", "<>", runId).as("children"),
    ])
    .where(({ or, eb }) => or([eb("id", "=", runId), eb("parent_run_id", "=", runId)]))
    .executeTakeFirstOrThrow()
  const { duration_ms: _, ...totals } = withNumbers({ ...sums, duration_ms: null })
  return { children: Number(children), totals }
}

async function hasGrandchildren(db: Kysely<Tables>, runId: string): Promise<boolean> {
  const found = await db
    .selectFrom("runs as child")
    .innerJoin("runs as grandchild", "grandchild.parent_run_id", "child.id")
    .select("grandchild.id")
    .where("child.parent_run_id", "=", runId)
    .where("child.id", "<>", runId)
    .whereRef("grandchild.id", "<>", "child.id")
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
