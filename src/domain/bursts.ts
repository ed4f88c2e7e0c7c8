import type { Timeline } from "./access-log-timeline.ts"
import { unusualBars } from "./unusual-bars.ts"

/** Returns the number of requests in the bars from `from` on and before `to`, and the shares of these that fared badly. */
export function sharesIn({ ok, refused, failed }: Timeline, from: number, to: number) {
  const sum = (row: readonly number[]) => row.slice(from, to).reduce((all, count) => all + count, 0)
  const requests = sum(ok) + sum(refused) + sum(failed)
  return { requests, refused: sum(refused) / (requests || 1), failed: sum(failed) / (requests || 1) }
}

/** So many calm bars end a burst: where errors are few, one bar has none now and then. */
const CALM = 2

/** Returns the bars at which bursts of errors begin, oldest first: unusual ones, before which `calm` bars are not. */
export function burstsOf(timeline: Timeline, calm = CALM): number[] {
  const isPart = unusualBars(timeline, "failed")
  return [...isPart.keys()].filter(bar => isPart[bar] && !isPart.slice(Math.max(0, bar - calm), bar).includes(true))
}

/** Returns the bar behind a burst that begins at a bar; undefined while it goes on, as long as `calm` bars have not followed. */
export function endOfBurst(timeline: Timeline, begin: number, calm = CALM): number | undefined {
  const isPart = unusualBars(timeline, "failed")
  // The newest bar is not whole yet.
  const last = isPart.length - 1 - calm
  for (let bar = begin + 1; bar <= last; bar++) if (!isPart.slice(bar, bar + calm).includes(true)) return bar
  return undefined
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
