import { describe, expect, test } from "vitest"
import { Random } from "../../src/demo/random.ts"
import { arrivals, shareOfDay } from "../../src/demo/traffic/day.ts"

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

describe("the day before the demo's start", () => {
  test.each([1, 40, 200, 10_000])("leads to %d requests a second without a step, from a calm night", rate => {
    expect(shareOfDay(0, rate)).toBe(1)
    const minutes = Array.from({ length: 24 * 60 }, (_, at) => rate * shareOfDay(at * MINUTE_MS, rate))
    const all = minutes.reduce((sum, perSecond) => sum + perSecond * 60, 0)
    expect(all).toBeGreaterThan(30_000)
    // Of a busy platform the first minutes weigh more here than they last.
    if (rate <= 200) expect(all).toBeLessThan(160_000)
    const [night, evening] = [minutes[12 * 60] as number, minutes.at(-1) as number]
    expect(night).toBeGreaterThan(0)
    expect(night).toBeLessThanOrEqual(evening)
    expect(evening).toBeLessThanOrEqual(1)
  })

  test("has the attack and the first try of the deployment in its busy part", () => {
    for (const minutes of [12, 18, 20]) expect(shareOfDay(minutes * MINUTE_MS, 40)).toBe(1)
  })
})

test("requests arrive by chance, at the rate asked for, each with an id above the one before it", () => {
  const start = Date.UTC(2026, 10, 22, 14)
  const ids = [...arrivals(ms => (ms < start + MINUTE_MS ? 100 : 10), start, start + 2 * MINUTE_MS, new Random(1))]
  const before = ids.filter(([ms]) => ms < start + MINUTE_MS).length
  expect(before).toBeGreaterThan(5_500)
  expect(before).toBeLessThan(6_500)
  expect(ids.length - before).toBeGreaterThan(450)
  expect(ids.length - before).toBeLessThan(750)
  for (const [at, [ms, seq]] of ids.entries()) {
    const [lastMs, lastSeq] = ids[at - 1] ?? [start - 1, 0]
    expect(ms > lastMs || (ms === lastMs && seq === lastSeq + 1)).toBe(true)
    expect(ms).toBeLessThan(start + 2 * MINUTE_MS)
  }
  expect(arrivals(() => 1e-9, start, start + DAY_MS, new Random(1)).next().done).toBe(true)
})
