import { afterEach, describe, expect, test } from "vitest"
import { parseTimeTarget } from "../../src/domain/time-target.ts"

const now = Date.parse("2026-03-02T14:02:30.500Z")
const utc = { now, isLocal: false }
const at = (typed: string, clock = utc) => {
  const place = parseTimeTarget(typed, clock)
  return "ms" in place ? new Date(place.ms).toISOString() : place.id
}

test.each([
  ["14:02", "2026-03-02T14:02:00.000Z"],
  ["14:02:30", "2026-03-02T14:02:30.000Z"],
  ["14:02:30.5", "2026-03-02T14:02:30.500Z"],
  ["14:02:31", "2026-03-01T14:02:31.000Z"],
  [" 9:05 ", "2026-03-02T09:05:00.000Z"],
  ["23:59", "2026-03-01T23:59:00.000Z"],
  ["-15m", "2026-03-02T13:47:30.500Z"],
  ["-90s", "2026-03-02T14:01:00.500Z"],
  ["-2d", "2026-02-28T14:02:30.500Z"],
  ["2026-03-01 14:02", "2026-03-01T14:02:00.000Z"],
  ["2026-02-28 9:05:07", "2026-02-28T09:05:07.000Z"],
  ["2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00.000Z"],
  ["1700000012345-7", "1700000012345-7"],
])("%s leads to %s", (typed, place) => expect(at(typed)).toBe(place))

test.each([
  "",
  "noon",
  "24:00",
  "14:60",
  "14:02:60",
  "1402",
  "15m",
  "-15",
  "2026-03-01T12:00:00",
  "2026-02-30 12:00",
  "12-x",
  "-1-2",
])("%j says no place, and it is told what does", typed => {
  expect(() => at(typed)).toThrow(
    expect.objectContaining({ code: "invalid", message: expect.stringContaining("-15m") }),
  )
})

test("a time that is yet to come is refused", () => {
  expect(() => at("2026-03-02T14:02:31Z")).toThrow("this time is in the future")
})

describe("by the clock of the machine", () => {
  const zone = process.env.TZ
  afterEach(() => {
    process.env.TZ = zone
  })

  test("a time of the day is one of that clock, across a change of it", () => {
    process.env.TZ = "Europe/Berlin"
    expect(at("14:02", { now, isLocal: true })).toBe("2026-03-02T13:02:00.000Z")
    expect(at("2026-03-01 14:02", { now, isLocal: true })).toBe("2026-03-01T13:02:00.000Z")
    const afterChange = Date.parse("2026-03-29T06:00:00Z")
    expect(at("08:00", { now: afterChange, isLocal: true })).toBe("2026-03-29T06:00:00.000Z")
    expect(at("09:00", { now: afterChange, isLocal: true })).toBe("2026-03-28T08:00:00.000Z")
  })
})
