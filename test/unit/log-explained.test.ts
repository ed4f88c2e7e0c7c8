import { expect, test } from "vitest"
import { isByChance } from "../../src/domain/log-counts/chance.ts"
import { explained } from "../../src/domain/log-counts/explained.ts"

const MINUTES = { after: 60, before: 600 }
const counts = (later: number, earlier: number, everyLater = later, everyEarlier = earlier) => ({
  ...{ later, earlier, everyLater, everyEarlier },
})
const value = (name: string, ...of: Parameters<typeof counts>) => {
  const [dimension = "", text = ""] = name.split(" ")
  return { dimension, value: text, first: null, ...counts(...of) }
}

test("a value explains what it adds beyond its part of all requests", () => {
  const { data, ...all } = explained({
    all: counts(600, 10, 7_000, 60_000),
    seconds: MINUTES,
    looked: 500,
    values: [
      value("country DE", 460, 8, 5_200, 45_000),
      value("route /v1/runs", 590, 1, 900, 3_000),
      value("user alice", 300, 2, 300, 30),
      value("method POST", 595, 6, 3_000, 20_000),
    ],
  })
  expect(all).toEqual({ before_per_s: 0.01667, after_per_s: 10, by_chance: false })
  expect(data.map(({ value, by_chance }) => `${value} ${by_chance}`)).toEqual([
    "/v1/runs false",
    "POST false",
    "alice false",
    // As many of the errors as of all requests, but for chance.
    "DE true",
  ])
  expect(data[0]).toMatchObject({ before_per_s: 0.001667, after_per_s: 9.833, share_of_requests: 0.05 })
  expect(data[0]?.share_of_change).toBeCloseTo(0.985, 3)
})

test("what chance alone could do stands last, whatever its share", () => {
  const { data } = explained({
    all: counts(40, 10, 6_000, 6_000),
    seconds: { after: 60, before: 60 },
    looked: 1_000,
    values: [value("user bob", 4, 0, 4, 0), value("route /v1/runs", 38, 8, 3_000, 3_000)],
  })
  expect(data.map(({ value, by_chance }) => [value, by_chance])).toEqual([
    ["/v1/runs", false],
    ["bob", true],
  ])
})

test("where all did not change, values are ranked by their own change and have no share of one", () => {
  const { data, by_chance } = explained({
    all: counts(1000, 1010),
    seconds: { after: 60, before: 60 },
    looked: 100,
    values: [value("route /a", 700, 500), value("route /b", 300, 510), value("country DE", 600, 610)],
  })
  expect(by_chance).toBe(true)
  expect(data.map(({ value, share_of_change }) => [value, share_of_change])).toEqual([
    ["/b", null],
    ["/a", null],
    ["DE", null],
  ])
})

test("a fall is explained as a rise is", () => {
  const { data } = explained({
    all: counts(10, 6_000),
    seconds: { after: 60, before: 600 },
    looked: 10,
    values: [value("network 10.0.0.0/24", 10, 200), value("ua human", 0, 5_800)],
  })
  expect(data[0]).toMatchObject({ value: "human", by_chance: false })
  expect(data[0]?.share_of_change).toBeGreaterThan(0.95)
})

test("the test of two rates has the level that it says", () => {
  // Binomial: 8 of 8 in one of two equal times happens once in 128, both ways; 11 of 11 once in 1024.
  const once = (count: number) => isByChance({ count, seconds: 60 }, { count: 0, seconds: 60 }, 1)
  expect([once(7), once(8), once(0)]).toEqual([true, false, true])
  expect(isByChance({ count: 8, seconds: 60 }, { count: 0, seconds: 60 }, 10)).toBe(true)
  expect(isByChance({ count: 0, seconds: 60 }, { count: 100, seconds: 600 }, 1)).toBe(false)
  expect(isByChance({ count: 1e6, seconds: 60 }, { count: 1e6, seconds: 60 }, 1)).toBe(true)
})
