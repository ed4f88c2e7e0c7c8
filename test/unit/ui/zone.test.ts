import { afterEach, beforeAll, expect, test } from "vitest"
import { dateTime, dateTimeInZone, day, shortDateTime, timeOfDay } from "../../../src/ui/widgets/format.ts"
import { zone, zoneMark } from "../../../src/ui/widgets/zone.ts"

const WINTER = "2024-01-31T23:30:00.123456Z"
const SUMMER = "2024-07-31T23:30:00Z"

beforeAll(() => {
  process.env.TZ = "Europe/Berlin"
})
afterEach(() => zone.set("UTC"))

const told = (time: string) => [
  dateTime(time),
  dateTimeInZone(time),
  dateTime(time, true),
  shortDateTime(time),
  day(time),
  timeOfDay(time),
]

test("times are those of UTC, as they are stored", () => {
  expect(told(WINTER)).toEqual([
    "2024-01-31 23:30:00",
    "2024-01-31 23:30:00 UTC",
    "2024-01-31 23:30:00.123456Z",
    "2024-01-31",
    "2024-01-31",
    "23:30:00",
  ])
  expect(zoneMark(Date.parse(WINTER))).toBe("Z")
})

test("or local ones, each with the offset of its own day, and to the microsecond where it is told whole", () => {
  zone.set("local")
  expect(told(WINTER)).toEqual([
    "2024-02-01 00:30:00",
    "2024-02-01 00:30:00 +01:00",
    "2024-02-01 00:30:00.123456+01:00",
    "2024-02-01",
    "2024-02-01",
    "00:30:00",
  ])
  expect(dateTime(SUMMER, true)).toBe("2024-08-01 01:30:00+02:00")
  expect(timeOfDay(Date.parse(SUMMER), true)).toBe("01:30:00.000")
})

test("an offset of half an hour to the west is written as one", () => {
  process.env.TZ = "America/St_Johns"
  zone.set("local")
  expect(zoneMark(Date.parse(WINTER))).toBe("-03:30")
  process.env.TZ = "Europe/Berlin"
})

test("what is no time, such as PostgreSQL's infinity, stays as it is", () => {
  zone.set("local")
  expect([dateTime("infinity"), day("infinity"), timeOfDay("infinity")]).toEqual(["infinity", "infinity", "-"])
})
