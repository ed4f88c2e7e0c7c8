import { type Counted, isByChance } from "./chance.ts"
import type { CountedChange } from "./compare.ts"
import { rounded } from "./top.ts"

/** Requests of a value that pass the filter, in the window and in the one it is compared with. */
export interface Difference {
  readonly dimension: string
  readonly value: string
  readonly later: number
  readonly earlier: number
  /** All its requests in the window compared with, whatever the filter. */
  readonly every: number
}

export interface Differences {
  readonly all: Omit<Difference, "dimension" | "value">
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
 * errors come evenly from everywhere, the country of three quarters of the requests has three quarters of them, and is no cause.
 * What chance alone could do stands behind the rest. Where all did not change but by chance, the values are ranked by their own
 * change, up or down, and have no share of one.
 */
export function explained({ all, seconds, values, looked }: Differences): Explained {
  const rates = ({ later, earlier }: Pick<Difference, "later" | "earlier">) => ({
    before: earlier / seconds.before,
    after: later / seconds.after,
  })
  const differ = ({ later, earlier }: Pick<Difference, "later" | "earlier">, tests: number): boolean => {
    const after: Counted = { count: later, seconds: seconds.after }
    return !isByChance(after, { count: earlier, seconds: seconds.before }, tests)
  }
  const whole = rates(all)
  const change = whole.after - whole.before
  const changed = differ(all, 1)
  const scored = values.map(one => {
    const { before, after } = rates(one)
    const usual = one.every / (all.every || 1)
    const share = changed ? (after - before) / change : null
    const row: CountedChange = {
      dimension: one.dimension,
      value: one.value,
      before_per_s: rounded(before),
      after_per_s: rounded(after),
      share_of_change: share === null ? null : rounded(share),
      share_of_requests: rounded(usual),
      by_chance: !differ(one, looked),
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
