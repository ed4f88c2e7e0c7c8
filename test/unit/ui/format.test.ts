import { expect, onTestFinished, test, vi } from "vitest"
import {
  age,
  causeText,
  compact,
  dateTimeFromNow,
  duration,
  exactDuration,
  frequency,
  fromNow,
  grouped,
  money,
  percent,
  roughly,
  shortDateTime,
  shortIds,
} from "../../../src/ui/widgets/format.ts"

test("a server out of reach is named with the cause alone, beside words that say that it is", () => {
  expect(causeText("Redis at us:6379 cannot be reached: connection refused")).toBe("us:6379: connection refused")
  expect(causeText("PostgreSQL at db:5432 cannot be reached: \u001b")).toBe("db:5432: \\x1b")
  expect(causeText("the password is wrong")).toBe("the password is wrong")
})

test("whole digits are grouped, those of a fraction are not", () => {
  expect([7, 1284, 1_204_312, -9812, 2004.5678, 45_000_112_000n].map(grouped)).toEqual([
    "7",
    "1 284",
    "1 204 312",
    "-9 812",
    "2 004.5678",
    "45 000 112 000",
  ])
})

test("durations fit the five columns they have", () => {
  expect([null, 0, 41.6, 999.4, 999.6, 9949, 9999, 1_234_567].map(duration)).toEqual([
    "-",
    "0ms",
    "42ms",
    "999ms",
    "1.0s",
    "9.9s",
    "10s",
    "20m",
  ])
})

test("durations from a minute on are never rounded up, and have their seconds below ten minutes", () => {
  const seconds = [59.7, 60, 64.9, 91, 94, 170, 599.9, 600, 3599, 3600, 7199, 36_000, 172_799, 172_800]
  expect(seconds.map(count => duration(count * 1000))).toEqual([
    ...["59s", "1m00", "1m04", "1m31", "1m34", "2m50", "9m59"],
    ...["10m", "59m", "1h00", "1h59", "10h", "47h", "2d"],
  ])
  expect([59_700, 60_000, 64_900, 94_600, 3_660_000].map(exactDuration)).toEqual([
    "59s",
    "1m",
    "1m 4s",
    "1m 34s",
    "1h 1m",
  ])
})

test("a time is said from now, whichever way", () => {
  vi.setSystemTime("2026-11-22T14:02:31Z")
  onTestFinished(() => void vi.useRealTimers())
  expect(dateTimeFromNow("2026-11-22T13:59:31Z")).toBe("2026-11-22 13:59:31  3m ago")
  expect(fromNow("2026-12-22T14:02:31Z")).toBe("in 30d")
  expect(fromNow("2023-01-01T00:00:00Z")).toBe("4y ago")
  expect(fromNow("infinity")).toBe("-")
})

test("an age since what is no time, such as PostgreSQL's infinity, is none", () => {
  expect(age(Date.now() - Date.parse("infinity"))).toBe("-")
})

test("what comes once in a while has a rate, too", () => {
  expect([0, 0.0011, 0.0049, 0.005, 1 / 60, 0.094, 0.095, 0.1, 0.96, 9.94, 9.95, 1284].map(frequency)).toEqual([
    "0",
    "<0.01",
    "<0.01",
    "0.01",
    "0.02",
    "0.09",
    "0.1",
    "0.1",
    "1.0",
    "9.9",
    "10",
    "1 284",
  ])
})

test("a share that rounds to nothing is still there", () => {
  expect([0, 0.001, 0.006, 0.5, 1].map(percent)).toEqual(["0%", "<1%", "1%", "50%", "100%"])
})

test("ids are short in lists, wherever they stand in a text", () => {
  const id = "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"
  expect(shortIds(`/v1/threads/${id}/runs/${id.toUpperCase()}?a=1`)).toBe("/v1/threads/8f2c…/runs/8F2C…?a=1")
  expect(shortIds("/v1/threads/8f2c1d3e")).toBe("/v1/threads/8f2c1d3e")
})

test("large numbers have four digits and a unit", () => {
  const numbers = [0n, 99_999n, 100_000n, 999_949n, 999_950n, 150_000_000_000n, 10n ** 18n, 10n ** 22n]
  expect(numbers.map(compact)).toEqual(["0", "99 999", "100.0 k", "999.9 k", "1.0 M", "150.0 G", "1.0 E", "10000.0 E"])
})

test("an estimate has two digits", () => {
  const rough = [0, 7, 999, 1_040, 999_600, 1_234_567, 34_000_000].map(roughly)
  expect(rough).toEqual(["0", "7", "1 k", "1 k", "1 M", "1.2 M", "34 M"])
})

test("money is rounded to the cent, and is never nothing when it is something", () => {
  expect([0n, 1n, 499_999n, 500_000n, 120_499_999_999n, 123_456_789_000_000n].map(money)).toEqual([
    "$ 0.00",
    "<$ 0.01",
    "<$ 0.01",
    "$ 0.01",
    "$ 1 205.00",
    "$ 1 234 567.89",
  ])
})

test("a short time leaves the year out where it is this one, and the time of day where it is not", () => {
  const year = new Date().getUTCFullYear()
  expect(shortDateTime(`${year}-03-01T12:34:56.7Z`)).toBe("03-01 12:34")
  expect(shortDateTime(`${year - 1}-03-01T12:34:56.7Z`)).toBe(`${year - 1}-03-01`)
})
