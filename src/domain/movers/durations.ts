/** Ratio of the bounds of a bucket: results are within 20 % (the root of 1.4). */
const FACTOR = 1.4
const PER_BUCKET = Math.log(FACTOR)

/** Number of buckets; the last one begins at an hour and a half. */
export const BUCKETS = 48

/** Bucket of a request without a duration. */
export const NO_BUCKET = -1

/** Returns the bucket of a duration in ms. */
export function bucketOf(ms: number | null): number {
  if (ms === null || ms < 0) return NO_BUCKET
  return ms < 1 ? 0 : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(ms) / PER_BUCKET))
}

/** Returns the duration in ms that 95 % in the buckets of `counts` from `from` on do not exceed; null for none. */
export function p95Of(counts: Counts, from: number): number | null {
  let total = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) total += counts[from + bucket] ?? 0
  if (total === 0) return null
  let left = Math.ceil(total * 0.95)
  let bucket = 0
  for (; bucket < BUCKETS - 1; bucket++) {
    left -= counts[from + bucket] as number
    if (left <= 0) break
  }
  return bucket === 0 ? 0 : Math.round(FACTOR ** (bucket - 0.5))
}

/** Counters as narrow as their values allow: there are thousands, and most count only a few. */
export type Counts = Uint8Array | Uint16Array | Uint32Array

/** Adds to a counter; returns the counters to continue with, wider ones where the sum does not fit. */
export function increase(counts: Counts, at: number, by: number): Counts {
  const sum = (counts[at] as number) + by
  const fitting = sum < 2 ** (8 * counts.BYTES_PER_ELEMENT) ? counts : widened(counts, sum)
  fitting[at] = sum
  return fitting
}

const widened = (counts: Counts, sum: number): Counts =>
  sum < 2 ** 16 ? Uint16Array.from(counts) : Uint32Array.from(counts)
