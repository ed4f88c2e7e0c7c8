import { describe, expect, test } from "vitest"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { ThresholdCount } from "../../src/domain/threshold-count.ts"
import { ladderAround, stepAt } from "../../src/domain/threshold-ladder.ts"

/** So many requests of a risk in per cent, of a signed-in user or of none. */
type Requests = readonly [risk: string | number, requests: number, user?: string]

function counted(...all: readonly Requests[]) {
  const count = new ThresholdCount(0.5)
  for (const [risk, requests, user = ""] of all) {
    for (let n = 0; n < requests; n++) {
      count.add(StreamEntry.from("1-0", Object.entries({ risk_score: String(risk), user_id: user })))
    }
  }
  return count.tally
}

const around = (threshold: number, ...all: readonly Requests[]) =>
  ladderAround(threshold, counted(...all)).map(({ threshold, rejected, signed_in }) => [threshold, rejected, signed_in])

test("one count answers for every threshold", () => {
  const tally = counted([0, 5], ["", 1], [29, 2, "alice"], [69.5, 1], [70, 3], [100, 1, "bob"], [130, 1])
  const rejected = (threshold: number) => stepAt(threshold, tally).rejected
  expect([0, 0.01, 0.29, 0.3, 0.69, 0.7, 0.71, 1].map(rejected)).toEqual([0, 8, 8, 6, 6, 5, 2, 2])
  expect(stepAt(0.29, tally)).toEqual({ threshold: 0.29, rejected: 8, signed_in: 3 })
})

describe("the thresholds around one", () => {
  test("are those at which the numbers change", () => {
    expect(around(0.8, [90, 31], [85, 200, "alice"], [75, 300])).toEqual([
      [0.9, 31, 0],
      [0.75, 531, 200],
    ])
    expect(around(0.95, [90, 31], [0, 10_000])).toEqual([[0.9, 31, 0]])
    expect(around(0.8, [80, 5])).toEqual([])
    expect(around(0.8)).toEqual([])
  })

  test("pass over those that tell next to the same, unless signed-in users begin or cease to be hit", () => {
    const even = Array.from({ length: 40 }, (_, i) => [60 + i, 100] as const)
    expect(around(0.6, ...even)).toEqual([
      [0.89, 1100, 0],
      [0.83, 1700, 0],
      [0.74, 2600, 0],
    ])
    expect(around(0.8, [80, 100], [79, 1], [78, 1, "alice"], [77, 1])).toEqual([[0.78, 102, 1]])
    expect(around(0.8, [80, 1, "alice"], [81, 100])).toEqual([[0.81, 100, 0]])
  })

  test("are three on either side", () => {
    expect(around(0.5, ...[95, 90, 85, 80, 50, 20, 15, 10, 5].map((risk, i) => [risk, 2 ** i] as const))).toEqual([
      [0.9, 3, 0],
      [0.85, 7, 0],
      [0.8, 15, 0],
      [0.2, 63, 0],
      [0.15, 127, 0],
      [0.1, 255, 0],
    ])
  })
})
