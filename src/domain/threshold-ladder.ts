import { z } from "zod"

/** Number of requests that a threshold would have rejected, and of those by signed-in users. */
export const thresholdStep = z.object({ threshold: z.number(), rejected: z.number(), signed_in: z.number() })
export type ThresholdStep = z.infer<typeof thresholdStep>

/** Every risk in whole per cent. */
export const RISKS: readonly number[] = Array.from({ length: 101 }, (_, risk) => risk)

/** Number of requests by risk, in whole per cent from 0 to 100: all, and those of signed-in users. */
export interface ByRisk {
  readonly risky: readonly number[]
  readonly signedIn: readonly number[]
}

/** Returns the requests that the threshold (0 to 1) would have rejected: none at 0. */
export const stepAt = (threshold: number, counted: ByRisk): ThresholdStep => stepOf(percentOf(threshold), counted)

function stepOf(percent: number, { risky, signedIn }: ByRisk): ThresholdStep {
  const from = (counts: readonly number[]) => (percent === 0 ? 0 : counts.slice(percent).reduce((all, n) => all + n, 0))
  return { threshold: percent / 100, rejected: from(risky), signed_in: from(signedIn) }
}

/** Returns a threshold in whole per cent, as the gateway compares it. */
export const percentOf = (threshold: number): number => Math.round(threshold * 100)

/** Number of steps on either side. */
const STEPS = 3
/** Least factor between two numbers of a ladder. */
const CLEARLY = 1.5

/**
 * Returns a few thresholds above and below `threshold`, the highest first: each the nearest that rejects clearly more
 * or fewer requests than the one before it, or at which rejecting signed-in users begins or ends.
 */
export function ladderAround(threshold: number, counted: ByRisk): ThresholdStep[] {
  const here = percentOf(threshold)
  // The numbers change only at a risk that some request has.
  const turns = [...counted.risky.keys()].filter(risk => counted.risky[risk] !== 0)
  const walk = (percents: readonly number[]) => distinctSteps(stepOf(here, counted), percents, counted)
  return [...walk(turns.filter(risk => risk > here)).reverse(), ...walk(turns.filter(risk => risk < here).reverse())]
}

/** Returns the `percents`, moving away from `last`, whose result differs from the step before. */
function distinctSteps(last: ThresholdStep, percents: readonly number[], counted: ByRisk): ThresholdStep[] {
  const taken = [last]
  for (const percent of percents) {
    const step = stepOf(percent, counted)
    if (taken.length <= STEPS && isOther(taken.at(-1) as ThresholdStep, step)) taken.push(step)
  }
  return taken.slice(1)
}

function isOther(one: ThresholdStep, other: ThresholdStep): boolean {
  const fewer = Math.min(one.rejected, other.rejected)
  const more = Math.max(one.rejected, other.rejected)
  return more >= fewer * CLEARLY || (one.signed_in === 0) !== (other.signed_in === 0)
}
