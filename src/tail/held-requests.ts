import type { ThresholdTally } from "../domain/threshold-count.ts"
import { passingOf } from "./log-filter.ts"
import { readMatches } from "./match-pages.ts"
import type { LogReading } from "./past/reading.ts"
import type { LogFilter, MatchPage, PageStart } from "./protocol.ts"
import type { Ring } from "./ring.ts"
import { countHeld } from "./ring-count.ts"
import { type SeenFrom, seenFrom } from "./seen-from.ts"
import type { StreamStart } from "./stream-start.ts"

/** Duration of one slice of a look through the ring, so that reading goes on. */
const SLICE_MS = 8

/** Questions about the requests that are held, whatever the log shows of them. */
export class HeldRequests {
  private readonly ring: Ring
  private readonly reader: LogReading
  private readonly start: StreamStart
  private readonly signal: AbortSignal

  constructor(ring: Ring, reader: LogReading, start: StreamStart, signal: AbortSignal) {
    this.ring = ring
    this.reader = reader
    this.start = start
    this.signal = signal
  }

  /** Counts the requests in the ring that a risk threshold (0 to 1) would have blocked. */
  count(threshold: number): Promise<ThresholdTally> {
    return countHeld(this.ring, threshold, SLICE_MS)
  }

  /** Tells who was seen from an address or a network, and when first after the entry `id`, as far as the ring holds them. */
  seenFrom(address: string, id: string): Promise<SeenFrom> {
    return seenFrom(this.ring, address, id, SLICE_MS)
  }

  /** Returns a page of what passes `filter`, newest first, of ring and stream or of the past, from `start` on. Throws DeckError. */
  page(filter: LogFilter, start?: PageStart): Promise<MatchPage> {
    const { ring, reader, signal } = this
    const begin = start ?? {
      number: ring.end - 1,
      lowest: ring.start,
      before: this.start.oldestIds(ring),
    }
    return readMatches(begin, { ring, reader, passing: passingOf(filter), sliceMs: SLICE_MS, signal })
  }
}
