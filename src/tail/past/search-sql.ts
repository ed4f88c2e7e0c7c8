import { DUCKDB } from "../../adapters/history/duckdb-dialect.ts"
import { parseFilter } from "../../domain/access-log-filter.ts"
import { filterSql } from "../../domain/access-log-filter-sql.ts"
import type { LogSearch } from "../../domain/access-log-search.ts"
import { partPattern } from "../../domain/access-log-values.ts"

/** The condition on the history's columns for requests that failed. */
export const failedSql = (): string => filterSql(parseFilter("status:5xx"), new Map(), DUCKDB)

/** Fields that a search looks at, and some more: what the engine finds is tested once more. */
const SEARCHED = [
  ...["method", "path", "client_ip", "country", "ua_type", "user_agent", "user_id", "org_id", "trace_id"],
  ...["status::bigint::varchar", "account_id"],
].join(", ")

/** The condition on the history's columns that all requests meet which have the text of a search. */
export function searchSql({ text, users }: LogSearch): string {
  const own = users.map(id => `user_id = ${DUCKDB.text(id)}`)
  return [DUCKDB.matches(`concat_ws(' ', ${SEARCHED})`, partPattern(text)), ...own].join(" or ")
}
