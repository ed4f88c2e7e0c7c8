import { expect, test } from "vitest"
import { byDay, byKey, type DaySums, NOTHING } from "../../src/domain/dashboard.ts"

const sums = (day: string, key: string, count: bigint): DaySums => ({ ...NOTHING, day, key, count })
const MIDNIGHT = Date.parse("2026-11-22T00:00:00Z")

const days = [
  sums("2026-11-21", "failed", 2n),
  sums("2026-11-21", "completed", 3n),
  sums("2026-11-22", "completed", 1n),
  // Counted before, and read since: rows of one day may come in parts.
  sums("2026-11-22", "completed", 4n),
  sums("2026-11-01", "completed", 100n),
]

test("days are those of UTC, today last, and those without rows are there", () => {
  const counts = byDay(days, MIDNIGHT).map(({ count }) => count)
  expect(counts).toEqual([...Array(12).fill(0n), 5n, 5n])
  expect(byDay(days, MIDNIGHT - 1).at(-1)?.count).toBe(5n)
})

test("keys are added up over the last days alone", () => {
  const counts = (length: number) =>
    Object.fromEntries([...byKey(days, MIDNIGHT, length)].map(([key, { count }]) => [key, count]))
  expect(counts(1)).toEqual({ completed: 5n })
  expect(counts(2)).toEqual({ completed: 8n, failed: 2n })
})
