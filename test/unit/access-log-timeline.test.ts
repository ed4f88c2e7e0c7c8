import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { barAt, barOf, type Timeline, type Times, timelineOf } from "../../src/domain/access-log-timeline.ts"
import { burstsOf } from "../../src/domain/bursts.ts"

const timesOf = (entries: readonly (readonly [ms: number, outcome: number])[]): Times => ({
  eachTime: visit => {
    for (const [ms, outcome] of entries) visit(ms, outcome)
  },
})
const every = (stepMs: number, count: number, from = 0) =>
  timesOf(Array.from({ length: count }, (_, i) => [from + i * stepMs, 0] as const))
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

describe("the timeline", () => {
  test("counts by outcome, in bars that begin at multiples of their width", () => {
    const entries = timesOf([
      [61_700, 0],
      [62_900, 2],
      [62_100, 1],
      [65_000, 0],
    ])
    expect(timelineOf(entries, 7)).toEqual({
      from: 61_000,
      barMs: 1000,
      ok: [1, 0, 0, 0, 1],
      refused: [0, 1, 0, 0, 0],
      failed: [0, 1, 0, 0, 0],
    })
  })

  test("nothing held, or nothing asked for, is no bar", () => {
    expect(timelineOf(timesOf([]), 100).ok).toEqual([])
    expect(timelineOf(every(1, 3), 0).ok).toEqual([])
  })

  test("has no more bars than were asked for, and loses nothing, however far apart the entries are", () => {
    const entry = fc.tuple(fc.nat({ max: 2 ** 45 }), fc.nat({ max: 2 }))
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1 }), fc.integer({ min: 1, max: 200 }), (entries, most) => {
        const timeline = timelineOf(timesOf(entries), most)
        const { ok, refused, failed, from, barMs } = timeline
        expect(ok.length).toBeLessThanOrEqual(most)
        expect(from % barMs).toBe(0)
        expect([ok, refused, failed].map(sum)).toEqual([0, 1, 2].map(n => entries.filter(([, o]) => o === n).length))
        for (const [ms] of entries) expect(barAt(timeline, barOf(timeline, ms))).toBeLessThanOrEqual(ms)
      }),
    )
  })

  test("a busy stream has narrower bars than a second", () => {
    expect(timelineOf(every(1, 10_000), 120).barMs).toBe(100)
  })

  test("bars get wider when they have to, and narrower only when there is room to spare", () => {
    const seconds = timelineOf(every(1000, 100), 100)
    expect(seconds.barMs).toBe(1000)
    const wider = timelineOf(every(1000, 101), 100, seconds)
    expect(wider.barMs).toBe(2000)
    expect(timelineOf(every(1000, 99), 100, wider).barMs).toBe(2000)
    expect(timelineOf(every(1000, 70), 100, wider).barMs).toBe(1000)
  })
})

const failing = (failed: readonly number[], perBar = 100): Timeline => ({
  from: 0,
  barMs: 1000,
  ok: failed.map(errors => perBar - errors),
  refused: failed.map(() => 0),
  failed,
})

describe("bursts of errors", () => {
  test("begin where there are far more errors than usual", () => {
    expect(burstsOf(failing([1, 0, 2, 1, 30, 40, 35, 1, 0, 1, 2, 0, 50, 1]))).toEqual([4, 12])
  })

  test("one calm bar does not end a burst, two do", () => {
    expect(burstsOf(failing([0, 0, 9, 0, 9, 0, 0, 9, 0, 0, 0, 0, 0, 0]))).toEqual([2, 7])
  })

  test("one of few errors a second begins where these begin, however they are spread", () => {
    expect(burstsOf(failing([0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 3, 5, 0, 2, 7, 1, 3, 9]))).toEqual([9])
  })

  test("the first error is part of one, even where it is the only one of its bar", () => {
    expect(burstsOf(failing([0, 0, 0, 0, 1, 5, 5, 5, 5, 5, 0, 0, 0, 0, 0]))).toEqual([4])
  })

  test("an outage is one where half of it is all that is held, and from the first bar on", () => {
    expect(burstsOf(failing([0, 1, 0, 60, 60, 60]))).toEqual([3])
    expect(burstsOf(failing([60, 60, 0, 1, 0, 0]))).toEqual([0])
  })

  test("of few requests, half are many", () => {
    expect(burstsOf(failing([0, 0, 1, 2, 0, 0, 0], 4))).toEqual([3])
    expect(burstsOf(failing([0, 0, 1, 2, 0, 0, 0], 5))).toEqual([])
  })

  test("errors as they always come are none", () => {
    expect(burstsOf(failing([]))).toEqual([])
    expect(burstsOf(failing([1, 4, 0, 2, 3, 0, 0, 1, 4, 2]))).toEqual([])
    expect(burstsOf(failing([48, 55, 61, 50, 44, 52, 58, 49], 5000))).toEqual([])
  })
})
