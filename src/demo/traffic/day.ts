import type { Random } from "../random.ts"

const DAY_MS = 24 * 3_600_000
const HOUR_MS = 3_600_000
/** So many requests before the start came at the full rate, within an hour at most. */
const FULL = 50_000
/** Before these, the rate rises from that of the night: for as long as so many requests take, ten minutes at most. */
const RISE = 15_000
const RISE_MS = 10 * 60_000
/** Requests a second before that, on average; most of them a day before the start, fewest half a day before it. */
const NIGHT = 0.4
const NIGHT_SWING = 0.8

/**
 * Returns the share of the rate (`rate` a second, on average) that a platform has `agoMs` before the start: it is busy
 * now, and was calm before. So the day before has about 100 000 requests, however many there are now.
 */
export function shareOfDay(agoMs: number, rate: number): number {
  const night = Math.min(1, NIGHT / rate) * (1 + NIGHT_SWING * Math.cos((2 * Math.PI * agoMs) / DAY_MS))
  const fullMs = Math.min(HOUR_MS, (FULL / rate) * 1_000)
  const riseMs = Math.min(RISE_MS, (RISE / rate) * 1_000)
  return Math.min(1, night + Math.exp(-Math.max(0, agoMs - fullMs) / riseMs))
}

/** Yields the ids' milliseconds and numbers of requests that come by chance at `rateAt(ms)` a second, from `start` up to, and without, `end`. */
export function* arrivals(
  rateAt: (ms: number) => number,
  start: number,
  end: number,
  random: Random,
): Generator<readonly [ms: number, seq: number]> {
  let [at, ms, seq] = [start, -1, 0]
  for (;;) {
    at += (-Math.log(1 - random.next()) * 1_000) / rateAt(at)
    if (at >= end) return
    const whole = Math.floor(at)
    seq = whole === ms ? seq + 1 : 0
    ms = whole
    yield [ms, seq]
  }
}
