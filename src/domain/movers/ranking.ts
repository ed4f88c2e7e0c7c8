import type { DimensionKey } from "./dimension-keys.ts"
import type { DimensionMovers, Mover, MoversSort, MoversWatch } from "./movers-snapshot.ts"
import type { SpaceSaving, Tally } from "./space-saving.ts"

/** What was seen of a stretch of time: `requests` of all values in `seconds`, and `summary` of one dimension. */
export interface Stretch {
  readonly summary: SpaceSaving
  readonly requests: number
  readonly seconds: number
}

/** A p95 of fewer requests says nothing. */
const FEW = 5

/** What comes first by `watch` of what the window has, and where its change is asked for, of what it has no more. */
export function ranked(
  key: DimensionKey,
  window: Stretch,
  before: Stretch | null,
  { sort, rows }: MoversWatch,
): DimensionMovers {
  const { summary, seconds } = window
  const { size, floor } = summary
  const rateBefore = (tally: Tally) => before && rateIn(before, tally.value, certain(tally) / seconds)
  const score = SCORES[sort]({ summary, rateBefore, seconds })
  const scored = [...summary.tallies(), ...(sort === "change" ? gone(summary, before) : [])]
    .map(tally => ({ tally, score: score(tally) }))
    .sort(
      (a, b) => b.score - a.score || certain(b.tally) - certain(a.tally) || (a.tally.value < b.tally.value ? -1 : 1),
    )
  const toMover = (tally: Tally): Mover => {
    const { value, count, error, refused, failed } = tally
    return {
      value,
      perSecond: count / seconds,
      share: count / (window.requests || 1),
      refused: refused / (count - error || 1),
      failed: failed / (count - error || 1),
      p95: summary.p95(value),
      before: rateBefore(tally),
      error: error / seconds,
    }
  }
  return { key, movers: scored.slice(0, rows).map(({ tally }) => toMover(tally)), distinct: size, isWhole: floor === 0 }
}

/** The requests that a value had for sure. */
const certain = ({ count, error }: Tally): number => count - error

/** What is certain of a value's rate; null where it had none for sure, but could have had the rate `now`. */
function rateIn({ summary, seconds }: Stretch, value: string, now: number): number | null {
  const tally = summary.tally(value)
  if (tally !== undefined) return certain(tally) / seconds
  return summary.floor > 0 && summary.floor / seconds >= now ? null : 0
}

interface Scored {
  readonly summary: SpaceSaving
  readonly rateBefore: (tally: Tally) => number | null
  readonly seconds: number
}

/** By what is certain: of a value that came late, most may be error. */
const SCORES: Readonly<Record<MoversSort, (of: Scored) => (tally: Tally) => number>> = {
  rate: () => certain,
  refused: () => tally => tally.refused,
  failed: () => tally => tally.failed,
  p95:
    ({ summary }) =>
    tally =>
      certain(tally) < FEW ? -1 : (summary.p95(tally.value) ?? -1),
  change:
    ({ rateBefore, seconds }) =>
    tally =>
      Math.abs(certain(tally) / seconds - (rateBefore(tally) ?? 0)),
}

/** Values that the window before had, and this one has not. */
function gone(summary: SpaceSaving, before: Stretch | null): Tally[] {
  const left = before?.summary.tallies().filter(({ value }) => summary.tally(value) === undefined) ?? []
  return left.map(({ value }) => ({ value, count: 0, error: 0, refused: 0, failed: 0 }))
}
