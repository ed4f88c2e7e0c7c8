import type { Timeline } from "./access-log-timeline.ts"

/** Returns the number of requests in the bars from `from` on and before `to`, and the shares of these that fared badly. */
export function sharesIn({ ok, refused, failed }: Timeline, from: number, to: number) {
  const sum = (row: readonly number[]) => row.slice(from, to).reduce((all, count) => all + count, 0)
  const requests = sum(ok) + sum(refused) + sum(failed)
  return { requests, refused: sum(refused) / (requests || 1), failed: sum(failed) / (requests || 1) }
}

/** Number of bars considered together: errors that are spread out are a burst as well. */
export const TOGETHER = 3
/** Threshold above the usual, in standard deviations: a random count deviates by about the square root of its mean. */
const SPREADS = 5
/** A bar with less than this fraction of the errors considered together is no part of the burst. */
const BESIDE = 12
/** Distance of the mean of the lower half of random counts below the whole mean, in standard deviations. */
const BELOW_MEAN = 0.8

/**
 * Returns the bars at which bursts of errors begin, oldest first: with far more errors than usual for the calmer half
 * of what is held, so that an outage is recognized even if it is half of what is held; or, since few requests make few
 * errors, where half of a bar failed. Two calm bars do not end a burst.
 */
export function burstsOf(timeline: Timeline): number[] {
  const isNoisy = noiseOf(timeline)
  return [...timeline.failed.keys()].filter(bar => isNoisy(bar) && ![bar - 3, bar - 2, bar - 1].some(isNoisy))
}

/** Returns the bar behind a burst that begins at a bar; undefined while it goes on, as long as three calm bars have not followed. */
export function endOfBurst(timeline: Timeline, begin: number): number | undefined {
  const isNoisy = noiseOf(timeline)
  const isCalm = (bar: number) => ![bar, bar + 1, bar + 2].some(isNoisy)
  // The newest bar is not whole yet.
  const last = timeline.failed.length - 1 - TOGETHER
  for (let bar = begin + 1; bar <= last; bar++) if (isCalm(bar)) return bar
  return undefined
}

/** Returns whether a bar is part of a burst. */
function noiseOf({ ok, refused, failed }: Timeline): (bar: number) => boolean {
  const at = (row: readonly number[], bar: number) => row[bar] ?? 0
  const calm = failed.toSorted((a, b) => a - b).slice(0, Math.ceil(failed.length / 2))
  const lower = calm.reduce((sum, errors) => sum + errors, 0) / (calm.length || 1)
  const usual = lower + BELOW_MEAN * Math.sqrt(lower)
  const most = TOGETHER * usual + SPREADS * Math.sqrt(TOGETHER * (usual + 1))
  const together = (from: number) => at(failed, from) + at(failed, from + 1) + at(failed, from + 2)
  return bar => {
    const errors = at(failed, bar)
    if (errors > 1 && errors >= at(ok, bar) + at(refused, bar)) return true
    // A single error beside many is background noise.
    const isPart = (sum: number) => sum > most && errors >= sum / BESIDE
    return errors > usual && [bar - 2, bar - 1, bar].some(from => isPart(together(from)))
  }
}

/** Fewer errors are no burst of their own. */
const LEAST_ERRORS = 3
/** In how short a time errors are told apart, in ms. */
const LEAST_MS = 1_000
/** How much likelier it must be that errors begin later than with the first of them, as a natural logarithm. */
const LIKELIER = 3

/**
 * Returns the index of the error at which a burst begins, of the times of errors after `fromMs` (in ms, rising): the one from which on
 * they come more often than before, by the likelihood of two rates. A single error that came earlier is none of it.
 */
export function beginningOf(times: readonly number[], fromMs: number): number {
  const untilMs = times.at(-1) ?? fromMs
  const likelihood = (count: number, ms: number) => (count === 0 ? 0 : count * Math.log(count / Math.max(ms, LEAST_MS)))
  const splitAt = (index: number) => {
    const at = times[index] as number
    return likelihood(index, at - fromMs) + likelihood(times.length - index, untilMs - at)
  }
  let [best, score] = [0, times.length === 0 ? 0 : splitAt(0) + LIKELIER]
  for (let index = 1; index <= times.length - LEAST_ERRORS; index++) {
    const at = times[index] as number
    const isRise = index * (untilMs - at) < (times.length - index) * (at - fromMs)
    if (isRise && splitAt(index) > score) [best, score] = [index, splitAt(index)]
  }
  return best
}
