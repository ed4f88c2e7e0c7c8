import { readdir, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect } from "vitest"
import { modesFor } from "../../src/adapters/history/directory.ts"
import { HistoryReader } from "../../src/adapters/history/parquet/reader.ts"
import { ParquetWriter } from "../../src/adapters/history/parquet/writer.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { NOTHING_READ, OWNER, SIGN } from "../support/nothing-read.ts"
import { type Lab, test } from "../support/redis.ts"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The beginning of an hour. */
const START_MS = 490_000 * HOUR_MS

async function open(lab: Lab) {
  const directory = join(await lab.dir(), "history")
  return { directory, writer: await ParquetWriter.open(directory, OWNER, await modesFor(undefined)) }
}

/** Writes one file with `count` entries, a second each, from `ms` on. */
async function flush(writer: ParquetWriter, ms: number, count = 1): Promise<void> {
  const batch = await writer.newBatch()
  for (let n = 0; n < count; n++) batch.add(StreamEntry.from(`${ms + n * 1_000}-0`, [["path", `/${ms + n}`]]), 0)
  await writer.save(batch, { position: NOTHING_READ, epoch: 0, untilMs: ms }, SIGN)
  batch.close()
}

async function times(directory: string): Promise<number[]> {
  const reader = await HistoryReader.open(directory)
  const found: number[] = []
  for await (const row of reader.rows()) if (row.kind === "entry") found.push(row.entry.ms)
  reader.close()
  return found
}

const parquet = async (directory: string) => (await readdir(directory)).filter(name => name.endsWith(".parquet"))

test("files are merged to hours with every row in its place, and removed ten minutes after", async ({ lab }) => {
  const { directory, writer } = await open(lab)
  for (let n = 0; n < 30; n++) await flush(writer, START_MS + n * 5_000, 5)
  const before = await times(directory)
  expect(before).toHaveLength(150)
  await writer.merge(START_MS + 150_000)
  expect(writer.manifest.files.map(({ level }) => level)).toEqual([1])
  expect(await times(directory)).toEqual(before)

  await writer.merge(START_MS + HOUR_MS)
  expect(writer.manifest.files).toMatchObject([{ level: 2, rows: 150, entries: 150, fromMs: START_MS }])
  expect(await times(directory)).toEqual(before)
  // Who began to read before the merge still finds the files.
  expect(await parquet(directory)).toHaveLength(32)
  const kept = { days: 7, bytes: 1e9 }
  await writer.retain(kept, START_MS + HOUR_MS + 9 * 60_000)
  expect(await parquet(directory)).toHaveLength(2)
  await writer.retain(kept, START_MS + HOUR_MS + 10 * 60_000)
  expect(await parquet(directory)).toHaveLength(1)
  await writer.close()
})

test("what is too old or too much goes, the oldest files first", async ({ lab }) => {
  const { directory, writer } = await open(lab)
  for (let day = 0; day < 10; day++) await flush(writer, START_MS + day * DAY_MS)
  const now = START_MS + 10 * DAY_MS
  await writer.retain({ days: 7, bytes: 1e9 }, now)
  expect(await times(directory)).toEqual([3, 4, 5, 6, 7, 8, 9].map(day => START_MS + day * DAY_MS))
  const { bytes } = writer.manifest.files[0] as { bytes: number }
  await writer.retain({ days: 7, bytes: 2.5 * bytes }, now)
  expect(await times(directory)).toEqual([8, 9].map(day => START_MS + day * DAY_MS))
  await writer.close()
})

test("the next recorder removes what is in no manifest, and files are their owner's alone", async ({ lab }) => {
  const { directory, writer } = await open(lab)
  await flush(writer, START_MS)
  await writer.close()
  for (const name of ["log-000000099.parquet", "log-000000100.parquet.new"])
    await writeFile(join(directory, name), "half")
  const next = await ParquetWriter.open(directory, OWNER, await modesFor(undefined))
  expect(await parquet(directory)).toEqual(["log-000000001.parquet"])
  for (const name of await readdir(directory))
    expect((await stat(join(directory, name))).mode & 0o777, name).toBe(0o600)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  await next.close()
})
