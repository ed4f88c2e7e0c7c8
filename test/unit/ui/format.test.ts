import { expect, test } from "vitest"
import { duration, grouped } from "../../../src/ui/widgets/format.ts"

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
    "21m",
  ])
})
