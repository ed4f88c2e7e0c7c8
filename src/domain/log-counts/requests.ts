import type { Filter } from "../access-log-filter.ts"
import { filterSql } from "../access-log-filter-sql.ts"
import type { ResolvedUsers } from "../access-log-kinds.ts"
import { COUNTS_AT, type SqlDialect } from "../sql-dialect.ts"
import type { TimeWindow } from "../time-window.ts"

/** Which requests are counted; `users` as in `compileFilter`. */
export interface Asked {
  readonly filter: Filter
  readonly users: ResolvedUsers
}

/** The condition that holds for the requests of a window. */
export const withinSql = ({ fromMs, untilMs }: TimeWindow): string =>
  `(${COUNTS_AT} >= ${Math.ceil(fromMs)} and ${COUNTS_AT} < ${Math.ceil(untilMs)})`

/** The condition that holds for the requests that are counted: events, which are none, left out. */
export const passesSql = ({ filter, users }: Asked, sql: SqlDialect): string =>
  `(event is null and ${filterSql(filter, users, sql)})`

/** The number of rows for which a condition holds. */
export const countSql = (condition: string): string => `count(case when ${condition} then 1 end)`

export const REFUSED_SQL = "status >= 400 and status < 500"
export const FAILED_SQL = "status >= 500 and status < 600"

/** A count as an engine returns it. */
export const countOf = (value: unknown): number => Number(value ?? 0)

/** Milliseconds as an engine returns them, without digits that mean nothing; null for none. */
export const msOf = (value: unknown): number | null =>
  value === null || value === undefined ? null : Math.round(Number(value) * 10) / 10

/** Returns a rate or a share without digits that mean nothing. */
export const rounded = (value: number): number => Number(value.toPrecision(4))
