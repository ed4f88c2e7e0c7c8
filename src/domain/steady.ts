/** Distance of the figures that may be shown around a value. */
export type StepAt = (value: number) => number

/** How far, in steps, a value may have gone from what is shown of it: more than half a step, or noise at the half would flip it. */
const FAR = 0.8

/**
 * Returns what is shown of a figure that never stands still: a multiple of the step around it. What is `shown` already stays
 * as long as it is less than a step off.
 */
export function steadied(value: number, stepAt: StepAt, shown?: number): number {
  if (shown !== undefined && Math.abs(value - shown) <= FAR * stepAt(value)) return shown
  const step = stepAt(value)
  return Math.round(value / step) * step
}

/** Steps of a span in seconds: ten seconds, then minutes, five, a quarter of an hour, hours. */
export const stepOfSpan: StepAt = seconds =>
  seconds < 60 ? 10 : seconds < 600 ? 60 : seconds < 1800 ? 300 : seconds < 5400 ? 900 : 3600

/** Steps of a number: whole below 50, then a tenth at the most, `55` and `210`. */
export const stepOfCount: StepAt = count => {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))))
  return count < 50 ? 1 : count / power < 5 ? power / 10 : power / 2
}
