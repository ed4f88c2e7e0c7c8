import { parseStreamId } from "../domain/stream-entry.ts"
import type { Ring } from "./ring.ts"

/** Position and time at which reading began, and the stream's clock. */
export class StreamStart {
  /** Time from which on everything was read, in ms since the epoch by the stream's clock; infinite before that. */
  connectedAt = Number.POSITIVE_INFINITY
  private after: string | undefined
  /** The stream's clock minus this host's, in ms. */
  private offset = 0

  connected(after: string, serverNow: number): void {
    this.after ??= after
    this.connectedAt = Math.min(this.connectedAt, serverNow)
    this.offset = serverNow - Date.now()
  }

  /** Begins anew with a recreated stream. */
  restart(): void {
    this.connectedAt = this.now
  }

  /** The stream's present time, in ms since the epoch. */
  get now(): number {
    return Date.now() + this.offset
  }

  /** Returns the id before which nothing was read yet; undefined before the first connection. */
  oldestKnown(ring: Ring): string | undefined {
    const { oldestEntry } = ring
    if (oldestEntry !== undefined) return oldestEntry.id
    if (this.after === undefined) return undefined
    const [ms, seq] = parseStreamId(this.after)
    return `${ms}-${seq + 1}`
  }
}
