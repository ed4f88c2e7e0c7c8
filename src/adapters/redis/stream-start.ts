import { parseStreamId } from "../../domain/stream-entry.ts"
import type { Failover, Last } from "./failover.ts"
import type { StreamInfo } from "./stream-info.ts"

/**
 * Position to begin at: after the newest entry, after an entry already read, at an id (inclusive), a number of
 * milliseconds before the newest entry, but later where that would be more than about `most` entries, or where an earlier
 * reader ended, with its accounts.
 */
export type StreamStart = "end" | { after: string } | { from: string } | { backMs: number; most: number } | Resume

interface Resume {
  readonly resume: LedgerState
}

/** Accounts of a reader, for one that goes on later, maybe in another process: plain data that survives JSON. */
export interface LedgerState {
  readonly cursor: string
  readonly accounted?: number | undefined
  readonly settled: string
  readonly top: string
  readonly anchored: boolean
  readonly vanished: boolean
  readonly last: Last
  readonly failover?: Failover | undefined
}

/** The id after which the last `backMs` of the stream begin, or its last `most` entries where these are fewer. */
export function back(
  { backMs, most }: { backMs: number; most: number },
  { firstId, lastId, length }: StreamInfo,
): string {
  const [last] = parseStreamId(lastId)
  const span = firstId === undefined ? 0 : last - parseStreamId(firstId)[0]
  // Assumes evenly spaced entries: Redis cannot tell which entry is the first of them without reading all.
  const ofMost = length > most ? Math.ceil((span * most) / length) : backMs
  return `${Math.max(0, last - Math.min(backMs, ofMost))}-0`
}
