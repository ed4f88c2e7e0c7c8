import { expect, test } from "vitest"
import type { HistoryFile } from "../../src/adapters/history/parquet/manifest.ts"
import { nextMerge } from "../../src/adapters/history/parquet/merging.ts"

const HOUR = 3_600_000
const file = (name: string, level: number, fromMs: number): HistoryFile => ({
  name: `${name}.parquet`,
  level,
  fromMs,
  toMs: fromMs + 5_000,
  bytes: 100,
  rows: 11,
  entries: 10,
  gaps: 1,
  lost: 2,
})
const flushes = (count: number, fromMs: number) =>
  Array.from({ length: count }, (_, i) => file(`f${i}`, 0, fromMs + i * 5_000))

test("a minute's flushes become one file, fewer wait", () => {
  expect(nextMerge(flushes(11, 0), 60_000)).toBeUndefined()
  const merge = nextMerge(flushes(12, 0), 60_000)
  expect(merge?.files).toHaveLength(12)
  expect(merge?.into("m.parquet", 900)).toEqual({
    name: "m.parquet",
    level: 1,
    bytes: 900,
    rows: 132,
    entries: 120,
    gaps: 12,
    lost: 24,
    fromMs: 0,
    toMs: 60_000,
  })
})

test("an hour that is over becomes one file, with what was not merged yet, and is merged no more", () => {
  const files = [file("1", 1, 0), file("2", 1, 60_000), file("3", 0, HOUR - 1), file("4", 0, HOUR)]
  expect(nextMerge(files.slice(0, 3), HOUR - 1)).toBeUndefined()
  const merge = nextMerge(files, HOUR + 1)
  expect(merge?.files.map(({ name }) => name)).toEqual(["1.parquet", "2.parquet", "3.parquet"])
  const hour = merge?.into("h.parquet", 1) as HistoryFile
  expect(hour.level).toBe(2)
  expect(nextMerge([hour, files[3] as HistoryFile], HOUR + 1)).toBeUndefined()
})

test("files of two hours are never one, nor those with another between them", () => {
  const files = [file("1", 1, 0), file("2", 1, HOUR), file("3", 2, HOUR + 1), file("4", 1, HOUR + 2)]
  const names: string[][] = []
  for (let left = files; ; ) {
    const merge = nextMerge(left, 3 * HOUR)
    if (merge === undefined) break
    names.push(merge.files.map(({ name }) => name))
    left = left.map(one => (merge.files.includes(one) ? { ...one, level: 2 } : one))
  }
  expect(names).toEqual([["1.parquet"], ["2.parquet"], ["4.parquet"]])
})
