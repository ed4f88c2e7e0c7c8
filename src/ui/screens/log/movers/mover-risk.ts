import type { AccessLogEntry } from "../../../../domain/access-log.ts"
import type { Term } from "../../../../domain/access-log-filter.ts"
import { withTerm } from "../../../../domain/access-log-pivot.ts"
import { readLogFilter } from "../../../../tail/log-filter.ts"
import type { Shell } from "../../../kit/shell.ts"

/** Most requests of the sample. */
const ENOUGH = 200

/**
 * Returns the median risk of the newest requests that pass `filter` and `term`: a threshold (0 to 1) that would have
 * rejected half of them. Undefined where it is 0, which rejects nobody. Throws DeckError as filter and tail do, and the
 * reason of `signal`.
 */
export async function moverRisk(
  { deck, tail }: Pick<Shell, "deck" | "tail">,
  filter: string,
  term: Term,
  signal: AbortSignal,
): Promise<number | undefined> {
  const risks: number[] = []
  const narrowed = await readLogFilter(deck, withTerm(filter, term), signal)
  for await (const { entries } of tail.matches(narrowed, signal)) {
    risks.push(...entries.map(({ risk_score }: AccessLogEntry) => risk_score ?? 0))
    if (risks.length >= ENOUGH) break
  }
  const newest = risks.slice(0, ENOUGH).toSorted((a, b) => a - b)
  return newest[Math.floor((newest.length - 1) / 2)] || undefined
}
