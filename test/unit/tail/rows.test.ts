import { expect, test } from "vitest"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { Ring } from "../../../src/tail/ring.ts"
import { leavesInSeconds } from "../../../src/tail/rows.ts"

const START_MS = Date.parse("2023-11-14T22:13:20Z")

/** A ring of 20 000 entries, which came at `perSecond(second)` for so many seconds. */
function filled(seconds: number, perSecond: (second: number) => number): Ring {
  const ring = new Ring(20_000)
  for (let second = 0; second < seconds; second++) {
    for (let i = 0; i < perSecond(second); i++) {
      ring.push(StreamEntry.from(`${START_MS + second * 1000 + i}-0`, [["path", "/v1/me"]]))
      if (ring.surplus > 0) ring.drop()
    }
  }
  return ring
}

test("when a row leaves the buffer is told by the rate of minutes: a burst of seconds changes nothing of it", () => {
  const at = (seconds: number, rate: (second: number) => number) =>
    leavesInSeconds(filled(seconds, rate), 100, START_MS + seconds * 1000) as number
  const steady = at(600, () => 10)
  expect(steady).toBeGreaterThan((0.95 * 14_000) / 10)
  expect(steady).toBeLessThan((1.05 * 14_100) / 10)
  for (const burst of [0, 5, 60]) {
    const disturbed = at(600, second => (second >= 595 ? burst : 10))
    expect(Math.abs(disturbed / steady - 1)).toBeLessThan(0.1)
  }
})

test("soon after the start, when the rate is not known yet, only what leaves soon is told", () => {
  const at = (seconds: number, rate: number) =>
    leavesInSeconds(
      filled(seconds, () => rate),
      0,
      START_MS + seconds * 1000,
    )
  expect([8, 16, 60, 160].map(seconds => at(seconds, 10))).toEqual([null, null, null, null])
  expect(at(240, 10)).toBeGreaterThan(1500)
  expect(at(8, 400)).toBeGreaterThan(35)
  expect(at(310, 1)).toBeGreaterThan(18_000)
})

test("a rate that stays another one is told soon; where nothing comes, nothing leaves", () => {
  const doubled = filled(900, second => (second >= 600 ? 20 : 10))
  expect(leavesInSeconds(doubled, 0, START_MS + 900_000)).toBeCloseTo((20_000 - doubled.length) / 20, -2)
  expect(leavesInSeconds(doubled, 0, START_MS + 2_000_000)).toBeNull()
  expect(leavesInSeconds(new Ring(), 0, START_MS)).toBeNull()
})
