import type { SelectQueryBuilder } from "kysely"
import type { Tables } from "../adapters/postgres/tables.ts"

/** A query for the rows of a list, without an order and a page. */
// biome-ignore lint/suspicious/noExplicitAny: it is counted, whatever it selects from
export type CountedRows = SelectQueryBuilder<Tables, any, object>

/** PostgreSQL's estimates for a query. */
interface Plan {
  readonly "Plan Rows": number
  readonly "Total Cost": number
}

/** Returns what PostgreSQL expects of `query`, which it does not run. */
export async function planOf(query: CountedRows): Promise<Plan> {
  const [row] = await query.explain<{ "QUERY PLAN": readonly [{ readonly Plan: Plan }] }>("json")
  return (row as NonNullable<typeof row>)["QUERY PLAN"][0].Plan
}
