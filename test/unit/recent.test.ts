import { expect, test } from "vitest"
import { floodOf, hoursFrom } from "../../src/domain/recent.ts"

const HOUR_MS = 3_600_000
const NOW = Date.parse("2026-11-22T14:20:00Z")
const hour = (before: number) => Math.floor(NOW / HOUR_MS) * HOUR_MS - before * HOUR_MS

/** New users of each hour, by how many hours ago it began. */
const counts = (ofHour: (before: number) => number) =>
  new Map(Array.from({ length: 192 }, (_, before) => [hour(before), ofHour(before)]))
/** As many at night as in the afternoon make a day of work: none to 40 an hour. */
const daily = (before: number) => Math.round(20 - 20 * Math.cos((2 * Math.PI * ((14 - before + 240) % 24)) / 24))

test("the hours of each day are no flood, nor are a few accounts on a new platform", () => {
  expect(floodOf(counts(daily), NOW)).toBeUndefined()
  expect(
    floodOf(
      counts(before => 2 * daily(before)),
      NOW,
    ),
  ).toBeUndefined()
  expect(floodOf(new Map([[hour(0), 29]]), NOW)).toBeUndefined()
  expect(floodOf(new Map(), NOW)).toBeUndefined()
})

test("a flood is an hour with more than three times as many as the busy ones of the week before", () => {
  const flood = floodOf(
    counts(before => (before === 1 ? 200 : daily(before))),
    NOW,
  )
  expect(flood).toMatchObject({ peak: { at: hour(1), count: 200 }, usual: 39 })
  expect(flood?.hours).toHaveLength(24)
  expect(flood?.hours.slice(-2)).toEqual([200, daily(0)])
  expect(floodOf(new Map([[hour(23), 30]]), NOW)).toMatchObject({ peak: { at: hour(23), count: 30 }, usual: 0 })
  expect(floodOf(new Map([[hour(24), 300]]), NOW)).toBeUndefined()
})

test("a burst of the week before makes no other one usual", () => {
  const bursts = counts(before => (before === 1 || before === 50 ? 500 : daily(before)))
  expect(floodOf(bursts, NOW)).toMatchObject({ peak: { count: 500 }, usual: 39 })
})

test("its hours begin eight days ago", () => {
  expect(new Date(hoursFrom(NOW)).toISOString()).toBe("2026-11-14T15:00:00.000Z")
})
