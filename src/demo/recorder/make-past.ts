import { setImmediate as breath } from "node:timers/promises"
import { modesFor, recorderDirectory } from "../../adapters/history/directory.ts"
import type { LogOwner } from "../../adapters/history/log-owner.ts"
import type { Batch } from "../../adapters/history/parquet/batch.ts"
import { ParquetWriter } from "../../adapters/history/parquet/writer.ts"
import type { LedgerState } from "../../adapters/redis/ledger.ts"
import { previousId } from "../../adapters/redis/stream-ids.ts"
import type { StreamInfo } from "../../adapters/redis/stream-info.ts"
import { parseStreamId, StreamEntry } from "../../domain/stream-entry.ts"
import { Random } from "../random.ts"
import { arrivals, shareOfDay } from "../traffic/day.ts"
import type { Traffic } from "../traffic/traffic.ts"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A file is written for each hour, and within one for each so many bytes of the entries' fields. */
const FILE_BYTES = 8 << 20
/** After so many requests, whatever else there is to do has its turn. */
const TURN = 500

export interface Past {
  readonly traffic: Traffic
  /** Requests a second at the end of it, on average: of this gateway, and of all. */
  readonly rate: number
  readonly rateOfAll: number
  readonly seed: number
  /** The stream that it leads to, which is as it was made: its oldest entry is the first that comes after the past. */
  readonly stream: StreamInfo
  /** Whose log it is. */
  readonly owner: LogOwner
}

/**
 * Writes the day before the stream's oldest entry into the history `directory`, where a recorder goes on without a gap. Throws
 * DeckError as `ParquetWriter.open` does, and the signal's reason when it fires.
 */
export async function makePast(
  directory: string,
  { traffic, rate, rateOfAll, seed, stream, owner }: Past,
  signal: AbortSignal,
) {
  const firstId = stream.firstId ?? stream.lastId
  const [endMs] = parseStreamId(firstId)
  const path = recorderDirectory(directory, owner.gateway)
  const writer = await ParquetWriter.open(path, owner, await modesFor(undefined))
  const position = positionBefore(firstId, stream)
  const sign = { pid: process.pid, sinceMs: endMs, atMs: endMs, isOver: true }
  const save = async (batch: Batch) => {
    await writer.save(batch, { position, epoch: 0, untilMs: endMs }, sign)
    batch.close()
  }
  try {
    let batch = await writer.newBatch()
    let hour = 0
    let count = 0
    const rateAt = (ms: number) => traffic.rateAt(ms, rate) * shareOfDay(endMs - ms, rateOfAll)
    for (const [ms, seq] of arrivals(rateAt, endMs - DAY_MS, endMs, new Random(seed))) {
      if (++count % TURN === 0) await breath(undefined, { signal })
      if (Math.floor(ms / HOUR_MS) !== hour || batch.bytes > FILE_BYTES) {
        hour = Math.floor(ms / HOUR_MS)
        await save(batch)
        batch = await writer.newBatch()
      }
      batch.add(StreamEntry.from(`${ms}-${seq}`, traffic.requestAt(ms)), 0)
    }
    await save(batch)
  } finally {
    await writer.close()
  }
}

/** Accounts of a reader that has read everything up to the stream's oldest entry. */
const positionBefore = (firstId: string, info: StreamInfo): LedgerState => ({
  cursor: previousId(firstId),
  settled: previousId(firstId),
  accounted: info.added === undefined ? undefined : info.added - info.length,
  top: info.lastId,
  anchored: true,
  vanished: false,
  last: { info },
})
