import { z } from "zod"
import { fisher } from "../movers/fisher.ts"
import { isByChance, surprise } from "./chance.ts"
import { rounded } from "./requests.ts"

/** A value, and how its requests changed. */
export const countedChange = z.object({
  dimension: z.string(),
  value: z.string(),
  before_per_s: z.number(),
  after_per_s: z.number(),
  /** How much of the difference of all it makes, 1 being all of it; null where all did not change but by chance. */
  share_of_change: z.number().nullable(),
  /** Its part of all requests, whatever the filter, in the window with less: what changes by no more than its part explains nothing. */
  share_of_requests: z.number(),
  /** Whether chance alone could make its change, or what of it is beyond its part. */
  by_chance: z.boolean(),
})
type CountedChange = z.infer<typeof countedChange>

/** Requests in the window and in the one it is compared with: those that pass the filter, and every one. */
interface Counts {
  readonly later: number
  readonly earlier: number
  readonly everyLater: number
  readonly everyEarlier: number
}

/** The requests of one value. */
interface Difference extends Counts {
  readonly dimension: string
  readonly value: string
  /** When the first one that passes came in the window, in ms since the epoch; null for none. */
  readonly first: number | null
}

export interface Differences {
  readonly all: Counts
  /** Seconds of each window that are held. */
  readonly seconds: { readonly after: number; readonly before: number }
  readonly values: readonly Difference[]
  /** How many values there are in all dimensions. */
  readonly looked: number
}

/** What is said of all requests, and of the values, those that explain most of the difference first. */
export interface Explained {
  readonly before_per_s: number
  readonly after_per_s: number
  readonly by_chance: boolean
  readonly data: readonly CountedChange[]
}

/**
 * Ranks the values by how much of the difference they explain. A value explains what it adds beyond its part of all requests: where
 * errors come evenly from everywhere, the country of three quarters of the requests has three quarters of them, and is no cause. Its
 * part is that of the window with less, where nothing has begun yet, or nothing is left.
 *
 * What chance alone could do stands behind the rest: a change by the test of two rates, and what of it is beyond the value's part by
 * Fisher's, each for as many values as were looked at. Where all did not change but by chance, the values are ranked by their own
 * change, up or down, and have no share of one.
 */
export function explained({ all, seconds, values, looked }: Differences): Explained {
  const ratesOf = ({ later, earlier }: Counts) => ({ before: earlier / seconds.before, after: later / seconds.after })
  const changes = ({ later, earlier }: Counts, tests: number) =>
    !isByChance({ count: later, seconds: seconds.after }, { count: earlier, seconds: seconds.before }, tests)
  const whole = ratesOf(all)
  const change = whole.after - whole.before
  const changed = changes(all, 1)
  const rose = change > 0
  const more = (of: Counts) => (rose ? of.later : of.earlier)
  const every = (of: Counts) => (rose ? of.everyEarlier : of.everyLater)
  const isBeyondItsPart = (of: Counts) =>
    every(all) === 0 ||
    fisher({ counted: more(of), all: more(all) }, { counted: every(of), all: every(all) }) >= surprise(looked)
  const scored = values.map(one => {
    const { before, after } = ratesOf(one)
    const usual = every(one) / (every(all) || 1)
    const share = changed ? (after - before) / change : null
    const row: CountedChange = {
      dimension: one.dimension,
      value: one.value,
      before_per_s: rounded(before),
      after_per_s: rounded(after),
      share_of_change: share === null ? null : rounded(share),
      share_of_requests: rounded(usual),
      by_chance: !(changes(one, looked) && (!changed || isBeyondItsPart(one))),
    }
    return { row, score: share === null ? Math.abs(after - before) : share - usual }
  })
  scored.sort(
    (a, b) =>
      Number(a.row.by_chance) - Number(b.row.by_chance) ||
      b.score - a.score ||
      (a.row.dimension + a.row.value < b.row.dimension + b.row.value ? -1 : 1),
  )
  return {
    before_per_s: rounded(whole.before),
    after_per_s: rounded(whole.after),
    by_chance: !changed,
    data: scored.map(({ row }) => row),
  }
}
