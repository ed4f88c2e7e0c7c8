import { describe, expect, test } from "vitest"
import { beginningOf } from "../../src/domain/bursts.ts"

const every = (ms: number, from: number, count: number) => Array.from({ length: count }, (_, i) => from + i * ms)

describe("a burst of errors begins", () => {
  test("where they come more often, not at a single one that came earlier", () => {
    expect(beginningOf([7_000, ...every(500, 61_000, 40)], 0)).toBe(1)
    expect(beginningOf([3_000, 22_000, 41_000, ...every(300, 60_000, 100)], 0)).toBe(3)
  })

  test("with the first of them where they come evenly, or are few", () => {
    expect(beginningOf(every(1_000, 1_000, 60), 0)).toBe(0)
    expect(beginningOf([5_000, 50_000], 0)).toBe(0)
    expect(beginningOf([5_000], 0)).toBe(0)
    expect(beginningOf([], 0)).toBe(0)
  })

  test("with the first of them where it ends, and single ones follow", () => {
    expect(beginningOf([...every(200, 10_000, 50), 40_000, 70_000], 0)).toBe(0)
  })
})
