import { RISK_PERCENT_SQL } from "../access-log-fields.ts"
import type { SqlQuery, SqlRow } from "../sql-dialect.ts"
import { type ByRisk, RISKS } from "../threshold-ladder.ts"
import type { TimeWindow } from "../time-window.ts"
import { countOf, countSql, withinSql } from "./requests.ts"

const SIGNED_IN = "coalesce(user_id, '') <> ''"

const requestsOf = (window: TimeWindow) => `event is null and ${withinSql(window)}`

/** The condition that holds for what a threshold rejects, in whole per cent: nothing at 0 (`domain/threshold-count`). */
const rejectedSql = (percent: number) => (percent === 0 ? "1 = 0" : `${RISK_PERCENT_SQL} >= ${percent}`)

/** Asks for the requests of a window by their risk. */
export const byRiskSql =
  (window: TimeWindow): SqlQuery =>
  relation =>
    `
    select floor(${RISK_PERCENT_SQL}) as risk, count(*) as requests, ${countSql(SIGNED_IN)} as signed_in
    from ${relation} where ${requestsOf(window)} group by risk`

/** Reads them, and the number of all; one without a risk is in that alone. */
export function byRiskOf(rows: readonly SqlRow[]): ByRisk & { readonly requests: number } {
  const at = new Map(rows.map(row => [row.risk === null ? 0 : Number(row.risk), row]))
  const risks = (column: string) => RISKS.map(risk => (risk === 0 ? 0 : countOf(at.get(risk)?.[column])))
  const requests = rows.reduce((sum, row) => sum + countOf(row.requests), 0)
  return { requests, risky: risks("requests"), signedIn: risks("signed_in") }
}

/** Asks for the number of addresses of what a threshold rejects. */
export const addressesSql =
  (window: TimeWindow, percent: number): SqlQuery =>
  relation =>
    `
    select count(distinct client_ip) as addresses from ${relation}
    where ${requestsOf(window)} and ${rejectedSql(percent)} and client_ip <> ''`

/** Asks for the `most` users whom a threshold rejects most often. */
export const usersSql =
  (window: TimeWindow, percent: number, most: number): SqlQuery =>
  relation =>
    `
    select user_id, count(*) as requests from ${relation}
    where ${requestsOf(window)} and ${rejectedSql(percent)} and ${SIGNED_IN}
    group by user_id order by requests desc, user_id limit ${most}`
