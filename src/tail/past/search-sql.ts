import { parseFilter } from "../../domain/access-log-filter.ts"
import { filterSql } from "../../domain/access-log-filter-sql.ts"
import type { LogSearch } from "../../domain/access-log-search.ts"
import { partPattern } from "../../domain/access-log-values.ts"
import type { SqlDialect } from "../../domain/sql-dialect.ts"

/** The condition on the history's columns for requests that failed. */
export const failedSql = (sql: SqlDialect): string => filterSql(parseFilter("status:5xx"), new Map(), sql)

/** Fields that a search looks at, and some more: what the engine finds is tested once more. */
const SEARCHED = [
  ...["method", "path", "client_ip", "country", "ua_type", "user_agent", "user_id", "org_id", "trace_id"],
  ...["case when status is null then null else cast(cast(coalesce(status, 0) as bigint) as String) end", "account_id"],
]

/** The condition on the history's columns that all requests meet which have the text of a search. */
export function searchSql({ text, users }: LogSearch, sql: SqlDialect): string {
  const own = users.map(id => `user_id = ${sql.text(id)}`)
  return [sql.matches(sql.joined(SEARCHED), partPattern(text)), ...own].join(" or ")
}
