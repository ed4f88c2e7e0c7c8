import type { Timeline } from "./access-log-timeline.ts"

/** Number of bars considered together: errors that are spread out are unusual as well. */
export const TOGETHER = 3
/**
 * Thresholds above the usual, in standard deviations, of one bar and of some together: a random count deviates by about the square root
 * of its mean.
 */
const SPREADS = { one: 4, together: 5 }
/** Among many requests a small difference is no chance, and means nothing: what is unusual is this many times the usual. */
const TIMES = 1.5
/** A bar with less than this fraction of the errors considered together is none of those that make them unusual. */
const BESIDE = 12
/** Distance of the mean of the lower half of random counts below the whole mean, in standard deviations. */
const BELOW_MEAN = 0.8

/**
 * Tells of each bar whether unusually many of its requests were refused or failed: far more than the share that the calmer half of the
 * bars has lets expect, so that an outage is recognized even if it is half of what is shown; or, since few requests make few errors, half
 * of them where that is not usual. Where all that is shown fared so, as under a filter of failures, their number is compared instead.
 * Marks and colours of bars follow from it, and bursts (`bursts`).
 */
export function unusualBars(timeline: Timeline, outcome: "refused" | "failed"): boolean[] {
  const counts = timeline[outcome]
  const requests = counts.map(
    (_, bar) => (timeline.ok[bar] ?? 0) + (timeline.refused[bar] ?? 0) + (timeline.failed[bar] ?? 0),
  )
  const isNothingElse = counts.every((count, bar) => count === requests[bar])
  const exposed = isNothingElse ? counts.map(() => 1) : requests
  const usual = usualRate(counts, exposed)
  const at = (bar: number) => ({ count: counts[bar] ?? 0, expected: usual * (exposed[bar] ?? 0) })
  const together = (from: number) => {
    const bars = Array.from({ length: TOGETHER }, (_, index) => at(from + index))
    const [count, expected] = [sum(bars.map(bar => bar.count)), sum(bars.map(bar => bar.expected))]
    return { count, isMore: isFarMore(count, expected, SPREADS.together * Math.sqrt(expected + TOGETHER)) }
  }
  return counts.map((count, bar) => {
    const { expected } = at(bar)
    if (count > 1 && isFarMore(count, expected, SPREADS.one * Math.sqrt(expected + 1))) return true
    if (count > 1 && !isNothingElse && count * 2 >= (requests[bar] ?? 0) && usual * 2 < 1) return true
    // A single error beside many is background noise.
    const isPart = (group: ReturnType<typeof together>) => group.isMore && count >= group.count / BESIDE
    return count > expected && [bar - 2, bar - 1, bar].map(together).some(isPart)
  })
}

const isFarMore = (count: number, expected: number, deviation: number) =>
  count > Math.max(expected + deviation, TIMES * expected)

/** Returns how many of `counts` come for one of `exposed` in the calmer half of the bars, corrected to the mean of random counts. */
function usualRate(counts: readonly number[], exposed: readonly number[]): number {
  const bars = counts.flatMap((count, bar) => (exposed[bar] ? [{ count, of: exposed[bar] }] : []))
  const calm = bars.toSorted((a, b) => a.count / a.of - b.count / b.of).slice(0, Math.ceil(bars.length / 2))
  const lower = sum(calm.map(({ count }) => count)) / (calm.length || 1)
  const of = sum(calm.map(bar => bar.of)) / (calm.length || 1)
  return of === 0 ? 0 : (lower + BELOW_MEAN * Math.sqrt(lower)) / of
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
