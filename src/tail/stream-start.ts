import { steadyNow } from "../domain/steady-now.ts"
import { parseStreamId } from "../domain/stream-entry.ts"
import type { Place } from "./match-search.ts"
import type { Ring } from "./ring.ts"

/** Position and time at which reading began, and the stream's time (`domain/stream-clock`). */
export class StreamStart {
  /** Time from which on everything was read, in ms since the epoch by the stream's time; infinite before that. */
  connectedAt = Number.POSITIVE_INFINITY
  private after: string | undefined
  /** The stream's time minus this host's steady clock, in ms. */
  private offset = 0

  connected(after: string, now: number): void {
    this.after ??= after
    this.connectedAt = Math.min(this.connectedAt, now)
    this.heard(now)
  }

  /** Records the stream's time of this moment. */
  heard(now: number): void {
    this.offset = now - steadyNow()
  }

  /** Begins anew with a recreated stream. */
  restart(): void {
    this.connectedAt = this.now
  }

  /** The stream's present time, in ms since the epoch. */
  get now(): number {
    return steadyNow() + this.offset
  }

  /** Returns the place before which nothing was read yet; undefined before the first connection. */
  oldestKnown(ring: Ring): Place | undefined {
    const { oldestEntry } = ring
    if (oldestEntry !== undefined) return oldestEntry
    if (this.after === undefined) return undefined
    const [ms, seq] = parseStreamId(this.after)
    return { id: `${ms}-${seq + 1}`, at: Math.min(ms, this.connectedAt) }
  }
}
