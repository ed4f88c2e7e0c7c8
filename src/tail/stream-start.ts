import { parseStreamId } from "../domain/stream-entry.ts"
import type { Ring } from "./ring.ts"

/** Where and when the reading of the stream began, and what time it is there. */
export class StreamStart {
  /** From when on all that it took was read, in ms since the epoch by its own clock; never, so far. */
  connectedAt = Number.POSITIVE_INFINITY
  private after: string | undefined
  /** The stream's clock less this host's, in ms. */
  private offset = 0

  connected(after: string, serverNow: number): void {
    this.after ??= after
    this.connectedAt = Math.min(this.connectedAt, serverNow)
    this.offset = serverNow - Date.now()
  }

  /** The stream was made anew. */
  restart(): void {
    this.connectedAt = this.now
  }

  /** In ms since the epoch by the stream's clock. */
  get now(): number {
    return Date.now() + this.offset
  }

  /** The id before which nothing was read yet; undefined before the first connection. */
  oldestKnown(ring: Ring): string | undefined {
    const { oldestEntry } = ring
    if (oldestEntry !== undefined) return oldestEntry.id
    if (this.after === undefined) return undefined
    const [ms, seq] = parseStreamId(this.after)
    return `${ms}-${seq + 1}`
  }
}
