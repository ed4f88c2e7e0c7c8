import { type Kysely, type RawBuilder, type Selectable, type SelectQueryBuilder, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { Decimal } from "../../domain/decimal.ts"

/** Runs that are not deleted. */
export const keptRuns = (db: Kysely<Tables>) => db.selectFrom("runs").where("runs.deleted_at", "is", null)

/** Joins the first route of each run, and the names of its user and organization. */
export const describedRuns = (
  db: Kysely<Tables>,
  runs: SelectQueryBuilder<Tables, "runs", Selectable<Tables["runs"]>>,
) =>
  db
    .selectFrom(runs.as("runs"))
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom("run_events")
          .select([
            routed("model").as("model"),
            routed("provider_kind").as("provider_kind"),
            routed("credential_id").as("credential_id"),
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
    .select(["runs.model", "route.model as routed_model"])
    .select([
      "runs.persona_id",
      "runs.parent_run_id",
      "route.provider_kind",
      "route.credential_name",
      "route.persona_model",
    ])
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
export const withNumbers = <Row extends Record<Numbers, string | null>>(row: Row) => ({
  ...row,
  duration_ms: integer(row.duration_ms),
  total_input_tokens: integer(row.total_input_tokens),
  total_output_tokens: integer(row.total_output_tokens),
  total_cost_usd: row.total_cost_usd === null ? null : new Decimal(row.total_cost_usd),
})

/** A whole number with all its digits. */
export const integer = (text: string | null) => (text === null ? null : BigInt(text))
