import {
  type CountedMover,
  detailedWithin,
  detailsSql,
  moversOf,
  rankedSql,
  rankedWithin,
  type TopAsked,
} from "../../domain/log-counts/top.ts"
import type { SqlRow } from "../../domain/sql-dialect.ts"
import type { CountedLog } from "./counted-log.ts"

/**
 * Returns the values that come first, and the rows that rank them. What does not rank them is asked for of these alone: percentiles of
 * every value, and the window before, would take twice as long.
 */
export async function topValues(
  { ask }: Pick<CountedLog, "ask">,
  asked: TopAsked,
): Promise<{ readonly ranked: readonly SqlRow[]; readonly movers: CountedMover[] }> {
  const ranked = await ask(rankedSql(asked), { within: rankedWithin(asked) })
  const details = ranked.length === 0 ? [] : await ask(detailsSql(asked, ranked), { within: detailedWithin(asked) })
  return { ranked, movers: moversOf(asked, ranked, details) }
}
