import { expect, test } from "vitest"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { MatchStats } from "../../../src/tail/match-stats.ts"
import { Matches } from "../../../src/tail/matches.ts"
import { Ring } from "../../../src/tail/ring.ts"
import { HeldTimeline } from "../../../src/tail/timeline.ts"

const NOW = 1_700_000_060_000
const isError = (entry: StreamEntry) => (entry.number("status") ?? 0) >= 500
const entry = (age: number, status: number, duration: number) =>
  StreamEntry.from(`${NOW - age * 1000}-0`, [
    ["status", String(status)],
    ["duration_ms", String(duration)],
  ])

/** The statistics beside a ring, as a tail keeps them. */
function tail() {
  const stats = new MatchStats()
  const ring = new Ring()
  const matches = new Matches(
    ring,
    () => true,
    undefined,
    held => stats.acceptBefore(held),
  )
  return {
    stats,
    matches,
    timeline: new HeldTimeline(ring, matches),
    read: (held: StreamEntry) => stats.accept(held, matches.accept(held)),
    filter: (passes: (entry: StreamEntry) => boolean, isFiltered = true) => {
      stats.setFilter(isFiltered)
      matches.refill(passes)
      matches.scan(1000)
    },
  }
}

/** Nine requests that are well and one error, of each of some seconds. */
const traffic = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n).flatMap(age =>
    Array.from({ length: 10 }, (_, n) => (n === 9 ? entry(age, 503, 900) : entry(age, 200, 10))),
  )

test("without a filter there are those of everything alone", () => {
  const { stats, read } = tail()
  traffic(20, 1).forEach(read)
  const { all, matching } = stats.snapshot(NOW)
  expect(matching).toBeNull()
  expect([all.perSecond, all.shares["5xx"], all.p50, all.p95]).toEqual([10, 0.1, 10, expect.closeTo(900, -1)])
})

test("with a filter those of the matches stand beside the same ones of everything, whenever it was set", () => {
  const { stats, read, filter } = tail()
  traffic(20, 11).forEach(read)
  filter(isError)
  traffic(10, 1).forEach(read)
  const { all, matching } = stats.snapshot(NOW)
  expect([all.perSecond, all.shares["5xx"], all.p50, all.seen]).toEqual([10, 0.1, 10, 200])
  expect([matching?.perSecond, matching?.shares["5xx"]]).toEqual([1, 1])
  expect(matching?.p50).toBeCloseTo(900, -1)
  expect(matching?.sparkline.slice(-21)).toEqual([...Array(20).fill(1), 0])
})

test("another filter, and none, begin anew, and everything stays what it was", () => {
  const { stats, read, filter } = tail()
  traffic(20, 11).forEach(read)
  filter(isError)
  traffic(10, 1).forEach(read)
  filter(held => !isError(held))
  const { all, matching } = stats.snapshot(NOW)
  expect([all.perSecond, matching?.perSecond, matching?.shares["5xx"]]).toEqual([10, 9, 0])
  filter(() => true, false)
  expect(stats.snapshot(NOW)).toEqual({ all, matching: null })
})

test("what was made anew begins anew", () => {
  const { stats, read, filter } = tail()
  filter(isError)
  traffic(20, 1).forEach(read)
  stats.restart()
  const { all, matching } = stats.snapshot(NOW)
  expect([all.perSecond, matching?.perSecond]).toEqual([0, 0])
})

test("the timeline of the matches has the bars of that of everything, with what the ring has dropped in neither", () => {
  const { matches, timeline, read, filter } = tail()
  traffic(60, 1).forEach(read)
  filter(isError)
  matches.accept({ kind: "gap", lost: 3, from: "1-0", to: "2-0", exact: true })
  const { all, matching } = timeline.snapshot(60, true, "")
  expect([matching?.from, matching?.barMs]).toEqual([all.from, all.barMs])
  expect(matching?.failed).toEqual(all.failed)
  expect(matching?.ok).toEqual(all.ok.map(() => 0))
  expect(all.ok.some(count => count > 0)).toBe(true)
  expect(timeline.snapshot(60, false, "none").matching).toBeNull()
})
