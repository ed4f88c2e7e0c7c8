import { modesFor } from "../../src/adapters/history/directory.ts"
import { DUCKDB } from "../../src/adapters/history/parquet/dialect.ts"
import { HistoryReader } from "../../src/adapters/history/parquet/reader.ts"
import { ParquetWriter } from "../../src/adapters/history/parquet/writer.ts"
import { filtersAgree, hostileEntries } from "../support/history-filters.ts"
import { NOTHING_READ, OWNER, SIGN } from "../support/nothing-read.ts"
import { test } from "../support/redis.ts"

test("a filter finds in the history what it finds live, hostile text and every term included", async ({ lab }) => {
  const directory = await lab.dir()
  const writer = await ParquetWriter.open(directory, OWNER, await modesFor(undefined))
  const batch = await writer.newBatch()
  const entries = hostileEntries(1_500)
  for (const entry of entries) batch.add(entry, 0)
  await writer.save(batch, { position: NOTHING_READ, epoch: 0 }, SIGN)
  batch.close()
  await writer.close()

  const reader = await HistoryReader.open(directory)
  await filtersAgree(reader, DUCKDB, entries, 80)
  reader.close()
})
