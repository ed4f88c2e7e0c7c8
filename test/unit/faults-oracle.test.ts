import { expect, test } from "vitest"
import { Oracle } from "../faults/support/oracle.ts"

/** What an oracle of six entries says of what it is told: entries by their numbers, gaps by their sizes. */
const judge = (...told: (number | { gap: number } | "failover")[]) => {
  const oracle = new Oracle()
  for (const one of told) {
    if (typeof one === "number") oracle.entry(one)
    else if (one === "failover") oracle.failover()
    else oracle.gap(one.gap)
  }
  return () => oracle.holds(6)
}

test("each entry once and in order passes, and so does a gap of exactly what is missing", () => {
  expect(judge(0, 1, 2, 3, 4, 5)).not.toThrow()
  expect(judge(0, 1, { gap: 2 }, 4, 5)).not.toThrow()
  expect(judge(0, 1, 2, { gap: 3 })).not.toThrow()
})

test("what is left out after a failover passes, unless it was there to be read", () => {
  expect(judge(0, 1, "failover", 2, 4, 5)).not.toThrow()
  const oracle = new Oracle()
  oracle.failover()
  oracle.entry(2)
  expect([oracle.missed([2, 3]), oracle.missed([0, 2])]).toEqual([0, 1])
})

test.for([
  ["one is missing", [0, 1, 3, 4, 5]],
  ["one comes twice", [0, 1, 1, 2, 3, 4, 5]],
  ["two change places", [0, 2, 1, 3, 4, 5]],
  ["the last is missing", [0, 1, 2, 3, 4]],
  ["a gap is too small", [0, { gap: 1 }, 3, 4, 5]],
  ["a gap is too large", [0, { gap: 3 }, 3, 4, 5]],
  ["a gap has no size", [0, 1, 2, { gap: 0 }, 3, 4, 5]],
  ["one comes twice after a failover", [0, 1, 2, "failover", 2, 3, 4, 5]],
  ["numbers are left out twice after one failover", [0, "failover", 2, 4, 5]],
] as const)("it is refused when %s", ([, told]) => {
  expect(judge(...told)).toThrow()
})
