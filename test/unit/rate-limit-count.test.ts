import { describe, expect, test } from "vitest"
import { replayRateLimit } from "../../src/domain/rate-limit-count.ts"

const at = (seconds: number, address: string, org_id = "") => ({
  ms: 1_700_000_000_000 + seconds * 1000,
  address,
  org_id,
})
const limits = { capacity: 3, perMinute: 60, named: 2 }

describe("a rate limit over what was requested", () => {
  test("lets a burst of the capacity pass, then the rate", () => {
    const burst = Array.from({ length: 10 }, () => at(0, "203.0.113.7"))
    expect(replayRateLimit(burst, limits)).toMatchObject({ requests: 10, refused: 7, count: 1 })
    const steady = Array.from({ length: 30 }, (_, second) => at(second, "203.0.113.7"))
    expect(replayRateLimit(steady, limits)).toMatchObject({ refused: 0, limited: [], count: 0 })
  })

  test("limits signed-in requests by organization, others by address, those that are refused most first", () => {
    const requests = [1, 2, 3, 4, 5].flatMap(() => [at(0, "a"), at(0, "b", "org"), at(0, "c", "org"), at(0, "d")])
    const { limited, count } = replayRateLimit(requests, limits)
    expect(count).toBe(3)
    expect(limited).toEqual([
      { address: "", org_id: "org", requests: 10, refused: 7 },
      { address: "a", org_id: "", requests: 5, refused: 2 },
    ])
  })

  test("counts the last minute alone, and takes from the buckets what came before", () => {
    const before = Array.from({ length: 3 }, () => at(0, "a"))
    expect(replayRateLimit([...before, at(60.5, "a"), at(60.5, "b")], { ...limits, perMinute: 0.5 })).toMatchObject({
      requests: 2,
      refused: 1,
      limited: [{ address: "a" }],
    })
  })

  test("of nothing is nothing", () => {
    expect(replayRateLimit([], limits)).toEqual({ requests: 0, refused: 0, limited: [], count: 0 })
  })
})
