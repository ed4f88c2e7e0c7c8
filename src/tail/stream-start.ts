import { nextId } from "../adapters/redis/stream-ids.ts"
import { entryName } from "../domain/entry-name.ts"
import { steadyNow } from "../domain/steady-now.ts"
import { parseStreamId } from "../domain/stream-entry.ts"
import type { Place } from "./match-search.ts"
import type { Ring } from "./ring.ts"

/** Position and time at which reading began, of each gateway, and the stream's time (`domain/stream-clock`). */
export class StreamStart {
  /** Time from which on everything was read, in ms since the epoch by the stream's time; infinite before that. */
  connectedAt = Number.POSITIVE_INFINITY
  private readonly after = new Map<string, string>()
  /** The streams' times minus this host's steady clock, in ms. */
  private readonly offsets = new Map<string, number>()

  connected(after: string, now: number, gateway = ""): void {
    if (!this.after.has(gateway)) this.after.set(gateway, after)
    this.connectedAt = Math.min(this.connectedAt, now)
    this.heard(now, gateway)
  }

  /** Records the stream's time of this moment. */
  heard(now: number, gateway = ""): void {
    this.offsets.set(gateway, now - steadyNow())
  }

  /** Begins anew with a recreated stream. */
  restart(): void {
    this.connectedAt = this.now
  }

  /** The stream's present time, in ms since the epoch: of several that which is ahead. */
  get now(): number {
    return steadyNow() + Math.max(...this.offsets.values(), this.offsets.size === 0 ? 0 : Number.NEGATIVE_INFINITY)
  }

  /** Returns the place before which nothing was read yet; undefined before the first connection. */
  oldestKnown(ring: Ring): Place | undefined {
    const { oldestEntry } = ring
    if (oldestEntry !== undefined) return { name: entryName(oldestEntry), at: oldestEntry.at }
    const [first] = this.after
    if (first === undefined) return undefined
    const [gateway, after] = first
    const [ms] = parseStreamId(nextId(after))
    return { name: entryName({ gateway, id: nextId(after) }), at: Math.min(ms, this.connectedAt) }
  }

  /** Returns the ids before which nothing of the gateways was read yet; empty before the first connection. */
  oldestIds(ring: Ring): ReadonlyMap<string, string> {
    const { oldestEntry, oldestEntries } = ring
    return new Map(
      [...this.after].map(([gateway, after]) => {
        // Whatever the ring held of a gateway that it holds nothing of now was older than all that it holds.
        const dropped = oldestEntry && `${oldestEntry.ms + (gateway < oldestEntry.gateway ? 1 : 0)}-0`
        return [gateway, oldestEntries.get(gateway)?.id ?? dropped ?? nextId(after)]
      }),
    )
  }
}
