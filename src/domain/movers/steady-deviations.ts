import { type StepAt, steadied, stepOfCount } from "../steady.ts"
import type { Deviation } from "./deviations.ts"

/** Returns what stands out with figures that stay while they mean the same as those of the look before, `shown`. */
export const steadyDeviations = (found: readonly Deviation[], shown: readonly Deviation[]): Deviation[] =>
  found.map(one => {
    const last = shown.find(
      ({ key, route, outcome }) => key === one.key && route === one.route && outcome === one.outcome,
    )
    const held = (value: number, stepAt: StepAt, before: number | null | undefined) =>
      steadied(value, stepAt, before ?? undefined)
    return {
      ...one,
      share: held(one.share * 100, wholePercent, last && last.share * 100) / 100,
      perMinute: held(one.perMinute, stepOfCount, last?.perMinute),
      before: one.before === null ? null : held(one.before, stepOfCount, last?.before),
    }
  })

const wholePercent: StepAt = () => 1
