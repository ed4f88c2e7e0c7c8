import { createWriteStream } from "node:fs"
import { rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { claim, makeDirectory, modesFor, recorderDirectory } from "../src/adapters/history/directory.ts"
import { FILE_FORMAT, literal } from "../src/adapters/history/parquet/dialect.ts"
import { openEngine } from "../src/adapters/history/parquet/duckdb.ts"
import { EMPTY, type HistoryFile, MANIFEST, type Manifest } from "../src/adapters/history/parquet/manifest.ts"
import { ParquetWriter } from "../src/adapters/history/parquet/writer.ts"
import { createTraffic } from "../src/demo/traffic/traffic.ts"
import { StreamEntry } from "../src/domain/stream-entry.ts"
import { NOTHING_READ, OWNER, SIGN } from "../test/support/nothing-read.ts"
import { MEMBERS } from "../test/support/simulated-traffic.ts"
import { STREAM } from "./platform.ts"

const HOUR_MS = 3_600_000
export const HOURS = 7 * 24

/** Writes 7 days of history into `directory`, which end at `endMs`: 168 files of an hour with `perHour` requests of the demo's traffic each. */
export async function writePast(directory: string, perHour: number, endMs: number): Promise<void> {
  const modes = await modesFor(undefined)
  const files = recorderDirectory(directory, "")
  await makeDirectory(directory, modes)
  await makeDirectory(files, modes)
  const firstHour = Math.floor(endMs / HOUR_MS) * HOUR_MS - HOURS * HOUR_MS
  const pattern = await writeHour(join(directory, "pattern"), perHour, firstHour)
  const engine = await openEngine(":memory:", { threads: 2, memoryMb: 1024 })
  const connection = await engine.connect()
  const written: HistoryFile[] = []
  for (let hour = 0; hour < HOURS; hour++) {
    const name = `log-${String(hour + 1).padStart(9, "0")}.parquet`
    const file = join(files, name)
    const later = `select * replace ((ms + ${hour * HOUR_MS})::ubigint as ms) from read_parquet(${literal(pattern)})`
    await connection.run(`copy (${later}) to ${literal(file)} (${FILE_FORMAT})`)
    const from = firstHour + hour * HOUR_MS
    const { size: bytes } = await stat(file)
    const extent = { rows: perHour, entries: perHour, gaps: 0, lost: 0, fromMs: from, toMs: from + HOUR_MS - 1 }
    written.push({ name, level: 2, bytes, ...extent })
  }
  connection.closeSync()
  engine.close()
  await rm(join(directory, "pattern"), { recursive: true })
  const untilMs = firstHour + HOURS * HOUR_MS
  const manifest: Manifest = {
    ...EMPTY,
    next: HOURS + 1,
    position: { ...NOTHING_READ, top: `${untilMs}-0`, cursor: `${untilMs}-0`, settled: `${untilMs}-0` },
    untilMs,
    files: written,
  }
  await writeFile(join(files, MANIFEST), JSON.stringify(manifest))
  await claim(files, { gateway: "", stream: STREAM, redis: "bench" }, modes)
}

/** Writes one hour, whose rows the others repeat, and answers its file. */
async function writeHour(directory: string, entries: number, fromMs: number): Promise<string> {
  const writer = await ParquetWriter.open(directory, OWNER, await modesFor(undefined))
  const batch = await writer.newBatch()
  for (const { id, request } of hourOf(entries, fromMs)) batch.add(StreamEntry.from(id, request), 0)
  await writer.save(batch, { position: NOTHING_READ, epoch: 0 }, SIGN)
  batch.close()
  const [file] = writer.manifest.files
  await writer.close()
  return join(directory, file?.name as string)
}

function* hourOf(entries: number, fromMs: number) {
  const traffic = createTraffic(MEMBERS, 1)
  for (let n = 0; n < entries; n++) {
    const ms = fromMs + Math.floor((n / entries) * HOUR_MS)
    yield { id: `${ms}-${n}`, request: traffic.requestAt(ms) }
  }
}

/** Writes one day of the same as lines of JSON through `gzip -6`, the newest of the seven. */
export async function writeGzippedDay(file: string, perHour: number, endMs: number): Promise<void> {
  const firstHour = Math.floor(endMs / HOUR_MS) * HOUR_MS - 24 * HOUR_MS
  const pattern = [...hourOf(perHour, 0)].map(({ id, request }) => {
    const [ms, seq] = id.split("-")
    return { ms: Number(ms), seq, rest: JSON.stringify(Object.fromEntries(request)).slice(1) }
  })
  function* lines() {
    for (let hour = 0; hour < 24; hour++) {
      for (let at = 0; at < pattern.length; at += 1_000) {
        const some = pattern.slice(at, at + 1_000)
        yield some.map(({ ms, seq, rest }) => `{"id":"${firstHour + hour * HOUR_MS + ms}-${seq}",${rest}\n`).join("")
      }
    }
  }
  await pipeline(Readable.from(lines()), createGzip({ level: 6 }), createWriteStream(file))
}
