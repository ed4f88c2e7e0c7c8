import { type RawBuilder, sql } from "kysely"
import type { RedemptionState } from "../../domain/redemption-code.ts"

const column = (name: string) => sql.ref(`redemption_codes.${name}`)

/** Conditions that prevent redeeming a code, the most permanent first: an operator's counts before all others. */
const STATES: readonly (readonly [RedemptionState, RawBuilder<boolean>])[] = [
  ["off", sql`not ${column("is_active")}`],
  ["expired", sql`coalesce(${column("expires_at")} <= now(), false)`],
  ["used up", sql`${column("use_count")} >= ${column("max_uses")}`],
]

const firstOf = (states: typeof STATES) =>
  sql<RedemptionState>`case ${sql.join(
    states.map(([state, holds]) => sql`when ${holds} then ${sql.lit(state)}`),
    sql` `,
  )} else 'active' end`

/** State of a row of redemption_codes, now. */
export const redemptionState = firstOf(STATES)

/** State that the row would have if it were switched on. */
export const stateOnceOn = firstOf(STATES.slice(1))
