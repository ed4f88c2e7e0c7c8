/** Summands below this part of the first change nothing that is told. */
const NEGLIGIBLE = 1e-12

/** A sample: how many of `all` are counted. */
export interface Sample {
  readonly counted: number
  readonly all: number
}

/**
 * Returns -ln p of Fisher's exact test, one-sided (R. A. Fisher, 1935): p is the probability that chance alone puts at
 * least so many of what is counted in both samples into `sample`. 0 where its share is no higher than that of `other`,
 * or where one of the samples is empty.
 */
export function fisher(sample: Sample, other: Sample): number {
  const { counted: k, all: n } = sample
  const counted = k + other.counted
  const all = n + other.all
  if (n === 0 || other.all === 0 || k * all <= counted * n) return 0
  const most = Math.min(n, counted)
  let summand = 1
  let sum = 1
  for (let i = k; i < most && summand > NEGLIGIBLE; i++) {
    summand *= ((counted - i) * (n - i)) / ((i + 1) * (all - counted - n + i + 1))
    sum += summand
  }
  const first = lnChoose(counted, k) + lnChoose(all - counted, n - k) - lnChoose(all, n)
  return Math.max(0, -first - Math.log(sum))
}

/** Returns ln of the number of ways to choose k of n. */
export const lnChoose = (n: number, k: number): number => lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k)

/** Returns ln n!, exact for small numbers, else by Stirling's series, to ten digits. */
function lnFactorial(n: number): number {
  if (n < SMALL.length) return SMALL[n] as number
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3)
}

const SMALL = [0, 0]
for (let n = 2; n < 32; n++) SMALL.push((SMALL[n - 1] as number) + Math.log(n))
