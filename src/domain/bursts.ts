import type { Outcome, Timeline } from "./access-log-timeline.ts"

/** A bar with so many errors or refusals, as a share of its requests, is called after them. */
const MATTERS = { failed: 0.05, refused: 0.2 }

/** The worst of what the requests of a bar ended in, as far as it was not just a few of them. */
export function worstOf({ ok, refused, failed }: Timeline, bar: number): Outcome {
  const of = (row: readonly number[]) => row[bar] ?? 0
  const all = of(ok) + of(refused) + of(failed)
  if (of(failed) > 0 && of(failed) >= all * MATTERS.failed) return "failed"
  return of(refused) > 0 && of(refused) >= all * MATTERS.refused ? "refused" : "ok"
}

/** So many bars are looked at together: errors that are spread are a burst as well. */
export const TOGETHER = 3
/** How far above the usual: what comes by chance spreads by about the square root of what is usual. */
const SPREADS = 5
/** Fewer than one in so many of the errors looked at together are none of the burst. */
const BESIDE = 12
/** The mean of the lower half of what spreads by chance lies so many spreads below the whole mean. */
const BELOW_MEAN = 0.8

/**
 * The bars at which bursts of errors begin, oldest first: where there are far more errors than is usual for the calmer
 * half of what is held, so that an outage is one also where half of it is all that is held; or, since few requests make
 * few errors, where half of a bar failed. Two calm bars do not end a burst.
 */
export function burstsOf({ ok, refused, failed }: Timeline): number[] {
  const at = (row: readonly number[], bar: number) => row[bar] ?? 0
  const calm = failed.toSorted((a, b) => a - b).slice(0, Math.ceil(failed.length / 2))
  const lower = calm.reduce((sum, errors) => sum + errors, 0) / (calm.length || 1)
  const usual = lower + BELOW_MEAN * Math.sqrt(lower)
  const most = TOGETHER * usual + SPREADS * Math.sqrt(TOGETHER * (usual + 1))
  const together = (from: number) => at(failed, from) + at(failed, from + 1) + at(failed, from + 2)
  const isNoisy = (bar: number) => {
    const errors = at(failed, bar)
    if (errors > 1 && errors >= at(ok, bar) + at(refused, bar)) return true
    // A single one beside many is what there was anyhow.
    const isPart = (sum: number) => sum > most && errors >= sum / BESIDE
    return errors > usual && [bar - 2, bar - 1, bar].some(from => isPart(together(from)))
  }
  return [...failed.keys()].filter(bar => isNoisy(bar) && ![bar - 3, bar - 2, bar - 1].some(isNoisy))
}
