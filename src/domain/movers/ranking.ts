import type { DimensionKey } from "./dimension-keys.ts"
import type { DimensionMovers, Mover, MoversSort, MoversWatch } from "./movers-snapshot.ts"
import type { SpaceSaving, Tally } from "./space-saving.ts"

/** Record of a stretch of time: `requests` of all values in `seconds`, and the summaries of one dimension. */
export interface Stretch {
  readonly all: SpaceSaving
  /** Summary of the requests that were refused or failed. */
  readonly troubled: SpaceSaving
  readonly requests: number
  readonly seconds: number
}

/** Least number of requests for a meaningful p95. */
const FEW = 5

/** Returns the movers of the window in the order of `watch`; by change, also values that it no longer has. */
export function ranked(
  key: DimensionKey,
  window: Stretch,
  before: Stretch | null,
  { sort, reversed, rows }: MoversWatch,
): DimensionMovers {
  const { all, seconds } = window
  const rateBefore = (tally: Tally) => before && rateIn(before, tally.value, certain(tally) / seconds)
  const score = SCORES[sort]({ all, rateBefore, seconds })
  const values = valuesOf(window)
  const gone = sort === "change" && before ? valuesOf(before).difference(values) : []
  const scored = [...values, ...gone]
    .map(value => tallyOf(value, window))
    .map(tally => ({ tally, score: score(tally) }))
    .filter(({ score }) => !reversed || score >= 0)
    .sort(
      (a, b) =>
        (reversed ? a.score - b.score : b.score - a.score) ||
        certain(b.tally) - certain(a.tally) ||
        (a.tally.value < b.tally.value ? -1 : 1),
    )
  const toMover = (tally: Tally): Mover => {
    const { value, count, error, refused, failed } = tally
    const own = certain(tally) || 1
    return {
      value,
      perSecond: count / seconds,
      count,
      share: count / (window.requests || 1),
      refused: refused / own,
      failed: failed / own,
      p95: all.p95(value),
      before: rateBefore(tally),
      error: error / seconds,
    }
  }
  const movers = scored.slice(0, rows).map(({ tally }) => toMover(tally))
  return { key, movers, distinct: values.size, isWhole: all.floor === 0 }
}

const valuesOf = ({ all, troubled }: Stretch): Set<string> => new Set([...all.values, ...troubled.values])

/** Returns the tally of a value from both summaries. */
function tallyOf(value: string, { all, troubled }: Stretch): Tally {
  const own = all.tally(value) ?? { count: all.floor, error: all.floor, refused: 0, failed: 0 }
  const trouble = troubled.tally(value) ?? { refused: 0, failed: 0 }
  const refused = Math.max(own.refused, trouble.refused)
  const failed = Math.max(own.failed, trouble.failed)
  const known = Math.max(own.count - own.error, refused + failed)
  const count = Math.max(own.count, known)
  return { value, count, error: count - known, refused, failed }
}

/** Returns how many requests a value certainly had. */
const certain = ({ count, error }: Tally): number => count - error

/** Returns the certain rate of a value; null where that is 0, but it could have had the rate `now`. */
function rateIn(stretch: Stretch, value: string, now: number): number | null {
  const tally = tallyOf(value, stretch)
  const couldHaveHad = tally.count / stretch.seconds
  return certain(tally) === 0 && tally.count > 0 && couldHaveHad >= now ? null : certain(tally) / stretch.seconds
}

interface Scored {
  readonly all: SpaceSaving
  readonly rateBefore: (tally: Tally) => number | null
  readonly seconds: number
}

/** Scores by what is certain: most of the count of a value that came late may be error. */
const SCORES: Readonly<Record<MoversSort, (of: Scored) => (tally: Tally) => number>> = {
  rate: () => certain,
  refused: () => tally => tally.refused,
  failed: () => tally => tally.failed,
  p95:
    ({ all }) =>
    tally =>
      certain(tally) < FEW ? -1 : (all.p95(tally.value) ?? -1),
  change:
    ({ rateBefore, seconds }) =>
    tally =>
      Math.abs(certain(tally) / seconds - (rateBefore(tally) ?? 0)),
}
