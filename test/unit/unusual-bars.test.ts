import { describe, expect, test } from "vitest"
import type { Timeline } from "../../src/domain/access-log-timeline.ts"
import { burstsOf } from "../../src/domain/bursts.ts"
import { unusualBars } from "../../src/domain/unusual-bars.ts"

/** Sixty bars, each with 93 requests that are well, 6 refusals and 1 error, and behind them `more`. */
const calmAnd = (...more: readonly (readonly [ok: number, refused: number, failed: number])[]): Timeline => {
  const bars = [...Array.from({ length: 60 }, () => [93, 6, 1] as const), ...more]
  const [ok, refused, failed] = [0, 1, 2].map(of => bars.map(bar => bar[of] as number)) as [
    number[],
    number[],
    number[],
  ]
  return { from: 1_700_000_000_000, barMs: 10_000, ok, refused, failed }
}
const marked = (timeline: Timeline, outcome: "refused" | "failed" = "failed") =>
  unusualBars(timeline, outcome).flatMap((isMarked, bar) => (isMarked ? [bar] : []))

describe("bars are marked", () => {
  test("where far more requests fail than usually, or half of few", () => {
    const stray = [5, 0, 1] as const
    const alone = [0, 0, 1] as const
    const timeline = calmAnd(stray, alone, [0, 0, 2], [80, 0, 2], [20, 0, 80], [93, 6, 1], [93, 6, 1], [80, 8, 12])
    expect(marked(timeline)).toEqual([62, 64, 67])
    expect(marked(calmAnd([60, 40, 0]), "refused")).toEqual([60])
    expect(marked(calmAnd())).toEqual([])
  })

  test("by the share: twice as many requests with twice as many errors are usual, as are small differences of many", () => {
    expect(marked(calmAnd([930, 60, 10], [1860, 120, 20]))).toEqual([])
    const busy = (failed: number) => [1_000_000 - failed, 0, failed] as const
    const many = [10_000, 11_000, 9_500, 12_000, 10_300].map(busy)
    expect(marked(calmAnd(...many))).toEqual([])
  })

  test("not where all that is shown fares alike, as what lasts, or what a filter of failures lets pass", () => {
    const { ok, failed, ...others } = calmAnd()
    expect(marked({ ...others, ok: failed, failed: ok })).toEqual([])
    const none = ok.map(() => 0)
    expect(marked({ ...others, ok: none, refused: none, failed: ok })).toEqual([])
  })

  test("of failures alone, where there are far more of them than usually", () => {
    const failed = [2, 1, 3, 0, 2, 4, 1, 0, 60, 75, 2, 1, 0, 3, 2, 1]
    const none = failed.map(() => 0)
    expect(marked({ from: 0, barMs: 1000, ok: none, refused: none, failed })).toEqual([8, 9])
  })

  test("a burst begins at each marked bar behind calm ones, also close before a large one", () => {
    const few = [41, 0, 7] as const
    const calm = [99, 0, 1] as const
    const timeline = calmAnd(few, calm, calm, [50, 0, 50], [50, 0, 50], calm, calm, few)
    expect(marked(timeline)).toEqual([60, 63, 64, 67])
    expect(burstsOf(timeline)).toEqual([60, 63, 67])
  })
})
