import { lnChoose } from "../movers/fisher.ts"

/** Summands below this part of the first change nothing that is told. */
const NEGLIGIBLE = 1e-12

/** Events that were counted, and for how long. */
export interface Counted {
  readonly count: number
  readonly seconds: number
}

/**
 * Returns -ln p of the exact test of two rates, two-sided (J. Przyborowski and H. Wilenski, 1940): p is the probability that events
 * which come independently, at one rate all the time, differ at least so much between the two. 0 where nothing was counted.
 */
function twoRates(one: Counted, other: Counted): number {
  const all = one.count + other.count
  const share = one.seconds / (one.seconds + other.seconds)
  if (all === 0 || !(share > 0 && share < 1)) return 0
  const [count, part] = one.count >= all * share ? [one.count, share] : [other.count, 1 - share]
  return Math.max(0, atLeast(count, all, part) - Math.LN2)
}

/** -ln of the probability that `count` or more of `all` fall into a part, each with the probability `part`. */
function atLeast(count: number, all: number, part: number): number {
  const odds = part / (1 - part)
  let summand = 1
  let sum = 1
  for (let i = count; i < all && summand > NEGLIGIBLE; i++) {
    summand *= ((all - i) / (i + 1)) * odds
    sum += summand
  }
  const first = lnChoose(all, count) + count * Math.log(part) + (all - count) * Math.log(1 - part)
  return Math.max(0, -first - Math.log(sum))
}

/** Probability that a comparison in which nothing changed marks any of its values. */
const FALSE_MARK = 0.01

/** The -ln p from which on one of so many values that were looked at is told (Bonferroni's inequality). */
export const surprise = (looked: number): number => Math.log(Math.max(1, looked) / FALSE_MARK)

/** Whether chance alone could make the difference of two rates, in one of so many that were looked at. */
export const isByChance = (one: Counted, other: Counted, looked: number): boolean =>
  twoRates(one, other) < surprise(looked)
