import type { AccessLogEntry } from "../../../../domain/access-log.ts"
import type { Term } from "../../../../domain/access-log-filter.ts"
import { withTerm } from "../../../../domain/access-log-pivot.ts"
import { readLogFilter } from "../../../../tail/log-filter.ts"
import type { Shell } from "../../../kit/shell.ts"

/** So many requests tell what risk the gateway sees in them. */
const ENOUGH = 200

/**
 * The threshold (0 to 1) that would have rejected at least half of the newest requests that pass `filter` and `term`: the
 * median of their risks. The highest would let nearly all of them pass, the lowest may be that of a single stray. Undefined
 * where that would be 0, which rejects nobody. Throws DeckError as the filter and the tail do, and what `signal` was fired with.
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
