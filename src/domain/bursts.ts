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

/** How far above the usual: what comes by chance spreads by about the square root of what is usual. */
const SPREADS = 5

/**
 * The bars at which bursts of errors begin, oldest first: bars with far more errors than is usual for the calmer half of
 * what is held, so that an outage is one also where half of it is all that is held; or, since few requests make few
 * errors, in which half of them failed. One bar that is calm does not end a burst.
 */
export function burstsOf({ ok, refused, failed }: Timeline): number[] {
  const calm = failed.toSorted((a, b) => a - b).slice(0, Math.ceil(failed.length / 2))
  const usual = calm.reduce((sum, errors) => sum + errors, 0) / (calm.length || 1)
  const most = usual + SPREADS * Math.sqrt(usual + 1)
  const isLoud = (bar: number) => {
    const errors = failed[bar] ?? 0
    return errors > most || (errors > 1 && errors >= (ok[bar] ?? 0) + (refused[bar] ?? 0))
  }
  return [...failed.keys()].filter(bar => isLoud(bar) && !isLoud(bar - 1) && !isLoud(bar - 2))
}
