import fc from "fast-check"
import { expect, test } from "vitest"
import { AccessLogStats } from "../../src/domain/access-log-stats.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

const NOW = 1_700_000_060_500

const entry = (ms: number, fields: Record<string, string> = {}) => StreamEntry.from(`${ms}-0`, Object.entries(fields))

/** Statistics of entries so many seconds old. */
function statistics(entries: readonly StreamEntry[], nowMs = NOW) {
  const stats = new AccessLogStats()
  for (const each of entries) stats.accept(each)
  return stats.snapshot(nowMs)
}

test("nothing seen is zeros and no percentile", () => {
  expect(statistics([])).toEqual({
    perSecond: 0,
    sparkline: Array(60).fill(0),
    shares: { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 },
    p50: null,
    p95: null,
    seen: 0,
  })
})

test("each of the 60 seconds is counted, oldest first, and what is older is only seen", () => {
  const { sparkline, seen } = statistics([0, 0, 1, 59, 60, 3600].map(age => entry(NOW - age * 1000)))
  expect(sparkline).toHaveLength(60)
  expect([sparkline[59], sparkline[58], sparkline[0]]).toEqual([2, 1, 1])
  expect(sparkline.reduce((sum, count) => sum + count)).toBe(4)
  expect(seen).toBe(6)
})

test("the rate is that of the last five whole seconds", () => {
  const entries = Array.from({ length: 700 }, (_, i) => entry(NOW - 500 - i * 10))
  expect(statistics(entries).perSecond).toBeCloseTo(100, 0)
})

test("shares are of the entries that have a class", () => {
  const statuses = ["200", "204", "301", "404", "500", "503", "100", "abc", "", "9999", "-200"]
  const { shares } = statistics([...statuses.map(status => entry(NOW, { status })), entry(NOW)])
  expect(shares).toEqual({ "2xx": 2 / 6, "3xx": 1 / 6, "4xx": 1 / 6, "5xx": 2 / 6 })
})

test("percentiles are within 1 % of the durations at their rank", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 300 }), durations => {
      const { p50, p95 } = statistics(durations.map((ms, i) => entry(NOW - (i % 60) * 1000, { duration_ms: `${ms}` })))
      const sorted = durations.toSorted((a, b) => a - b)
      for (const [percentile, share] of [[p50, 0.5] as const, [p95, 0.95] as const]) {
        const rank = sorted.length * share
        expect(percentile).toBeGreaterThanOrEqual(Math.floor((sorted[Math.floor(rank) - 1] ?? 0) * 0.99))
        expect(percentile).toBeLessThanOrEqual(Math.ceil((sorted[Math.ceil(rank) - 1] as number) * 1.01))
      }
    }),
  )
})

test("what is no duration is not counted as one, and none is longer than an hour", () => {
  expect(statistics(["", "abc", "-5"].map(duration_ms => entry(NOW, { duration_ms }))).p50).toBeNull()
  expect(statistics([entry(NOW, { duration_ms: "0" })]).p50).toBe(0)
  expect(statistics([entry(NOW, { duration_ms: "12.4" })]).p95).toBe(12)
  expect(statistics([entry(NOW, { duration_ms: "1e30" })]).p95).toBeGreaterThan(3_500_000)
})

test("the order of entries does not matter", () => {
  const entries = Array.from({ length: 200 }, (_, i) => entry(NOW - i * 300, { status: "200", duration_ms: `${i}` }))
  expect(statistics(entries.toReversed())).toEqual(statistics(entries))
})

test("after a long silence everything is forgotten but what was seen", () => {
  const stats = new AccessLogStats()
  stats.accept(entry(NOW, { status: "200", duration_ms: "5" }))
  expect(stats.snapshot(NOW + 59_000).p50).toBe(5)
  expect(stats.snapshot(NOW + 60_000)).toMatchObject({ perSecond: 0, p50: null, shares: { "2xx": 0 }, seen: 1 })
  stats.accept(entry(NOW + 86_400_000, { status: "500" }))
  expect(stats.snapshot(NOW + 86_400_000)).toMatchObject({ shares: { "2xx": 0, "5xx": 1 }, seen: 2 })
})

test("a clock that is behind the entries does not hide them", () => {
  expect(statistics([entry(NOW + 5000)]).sparkline.at(-1)).toBe(1)
  expect(statistics([entry(NOW), entry(99_999_999_999_999)]).sparkline.at(-1)).toBe(1)
})

test("a stream that begins again, earlier, is counted from its restart", () => {
  const stats = new AccessLogStats()
  stats.accept(entry(NOW + 3_600_000))
  stats.restart()
  stats.accept(entry(NOW))
  expect(stats.snapshot(NOW)).toMatchObject({ seen: 2 })
  expect(stats.snapshot(NOW).sparkline.at(-1)).toBe(1)
})
