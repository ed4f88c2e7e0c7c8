import fc from "fast-check"
import { expect, test } from "vitest"
import { BUCKETS, bucketOf } from "../../src/domain/movers/durations.ts"
import { SpaceSaving } from "../../src/domain/movers/space-saving.ts"

const CAPACITY = 8

/** Values as traffic has them: a few often, many once. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }).map(n => `often ${n}`) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 60 }).map(n => `seldom ${n}`) },
)
const values = fc.array(value, { maxLength: 400 })

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function summaryOf(values: readonly string[], summary = new SpaceSaving(CAPACITY)): SpaceSaving {
  for (const value of values) summary.accept(value, false, false, -1)
  return summary
}

const talliesOf = (summary: SpaceSaving) => summary.values.map(value => summary.tally(value)!)

/** What the summary promises of what it was given, whatever way that came into it. */
function keepsItsWord(summary: SpaceSaving, values: readonly string[], capacity = CAPACITY) {
  const exact = counted(values)
  expect(summary.total).toBe(values.length)
  expect(summary.floor).toBeLessThanOrEqual(values.length / CAPACITY)
  for (const { value, count, error } of talliesOf(summary)) {
    const held = exact.get(value) ?? 0
    expect(held).toBeLessThanOrEqual(count)
    expect(held).toBeGreaterThanOrEqual(count - error)
    expect(error).toBeLessThanOrEqual(values.length / CAPACITY)
  }
  for (const [value, held] of exact) {
    if (summary.tally(value) === undefined) expect(held).toBeLessThanOrEqual(summary.floor)
    if (held > values.length / CAPACITY) expect(summary.tally(value)).toBeDefined()
  }
  expect(summary.size).toBeLessThanOrEqual(capacity)
  if (exact.size <= CAPACITY) {
    expect(summary.floor).toBe(0)
    expect(new Map(talliesOf(summary).map(({ value, count }) => [value, count]))).toEqual(exact)
  }
}

test("a count is never too low, and too high by its error at most; who has more than their share is there", () => {
  fc.assert(fc.property(values, all => keepsItsWord(summaryOf(all), all)))
})

test("merged summaries promise the same, whether cut to the capacity or not, and so does what goes on counting", () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 5 }), values, (parts, later) => {
      const summaries = parts.map(part => summaryOf(part))
      keepsItsWord(SpaceSaving.merged(summaries), parts.flat(), Number.POSITIVE_INFINITY)
      const one = summaries.reduce((all, next) => SpaceSaving.merged([all, next], CAPACITY), new SpaceSaving(CAPACITY))
      keepsItsWord(one, parts.flat())
      keepsItsWord(summaryOf(later, one), [...parts.flat(), ...later])
    }),
  )
})

test("refusals, failures and durations are those of the requests that are certain", () => {
  const request = fc.record({ value, status: fc.constantFrom(200, 404, 503), ms: fc.integer({ min: 0, max: 100_000 }) })
  fc.assert(
    fc.property(fc.array(request, { maxLength: 300 }), requests => {
      const parts = [new SpaceSaving(CAPACITY), new SpaceSaving(CAPACITY)] as const
      for (const [i, { value, status, ms }] of requests.entries()) {
        parts[i < requests.length / 2 ? 0 : 1].accept(value, status === 404, status === 503, bucketOf(ms))
      }
      const merged = SpaceSaving.merged(parts, CAPACITY)
      for (const { value, count, error, refused, failed } of talliesOf(merged)) {
        const own = requests.filter(request => request.value === value)
        expect(refused + failed).toBeLessThanOrEqual(count - error)
        expect(refused).toBeLessThanOrEqual(own.filter(({ status }) => status === 404).length)
        expect(failed).toBeLessThanOrEqual(own.filter(({ status }) => status === 503).length)
        if (error === 0) expect(refused).toBe(own.filter(({ status }) => status === 404).length)
      }
    }),
  )
})

test("the 95th percentile is within 20 %", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 2, max: 3_600_000 }), { minLength: 1, maxLength: 600 }), durations => {
      const summary = new SpaceSaving(CAPACITY)
      for (const ms of durations) summary.accept("one", false, false, bucketOf(ms))
      const exact = durations.toSorted((a, b) => a - b)[Math.ceil(durations.length * 0.95) - 1] as number
      expect(Math.abs((summary.p95("one") as number) - exact)).toBeLessThanOrEqual(exact * 0.2 + 1)
    }),
  )
})

test("what takes no time, a day, or nobody knows how long, has a bucket or none", () => {
  expect([bucketOf(0), bucketOf(86_400_000), bucketOf(null), bucketOf(-1)]).toEqual([0, BUCKETS - 1, -1, -1])
})

test("a value with more requests than a narrow counter holds keeps them all", () => {
  const summary = new SpaceSaving(CAPACITY)
  for (let n = 0; n < 70_000; n++) summary.accept("busy", false, false, bucketOf(10))
  for (let n = 0; n < 3_000; n++) summary.accept("busy", false, false, bucketOf(10_000))
  expect(summary.p95("busy")).toBeLessThan(15)
  for (let n = 0; n < 1_000; n++) summary.accept("busy", false, false, bucketOf(10_000))
  expect(summary.p95("busy")).toBeGreaterThan(8_000)
})
