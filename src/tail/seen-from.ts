import { setImmediate } from "node:timers/promises"
import { networkAround } from "../domain/ip-block.ts"
import { parseStreamId } from "../domain/stream-entry.ts"
import { isUuid } from "../domain/uuid.ts"
import { isEntry } from "./held.ts"
import type { Ring } from "./ring.ts"

/** A user whose requests came from an address or its network. Times are ms since the epoch. */
export interface SeenUser {
  readonly userId: string
  readonly requests: number
  readonly last: number
  /** Time of the first request after the entry in question; null for none. */
  readonly firstAfter: number | null
}

/** Who sent requests from an address or a network, as far as the ring holds them. */
export interface SeenFrom {
  /** All from there, those without a user included. */
  readonly requests: number
  /** Those with most requests first. */
  readonly users: readonly SeenUser[]
  /** Whether the entry in question is among them: it may be older than what the ring holds. */
  readonly isIncluded: boolean
  /** When the oldest request that was looked at counts, in ms since the epoch; null for none. */
  readonly since: number | null
}

/**
 * Counts the requests in the ring that came from an address, or from a network (`networkAround`), by their user, newest first, in slices of `sliceMs`, so that
 * reading goes on; and tells when each user came from there first after the entry `id`. What came before the stream was
 * recreated is not looked at, since its ids are not comparable.
 */
export async function seenFrom(ring: Ring, address: string, id: string, sliceMs: number): Promise<SeenFrom> {
  const isFrom = address.includes("/")
    ? (ip: string | undefined) => networkAround(ip ?? "") === address
    : (ip: string | undefined) => ip === address
  const [ms, seq] = parseStreamId(id)
  const users = new Map<string, SeenUser>()
  let requests = 0
  let isIncluded = false
  let since: number | null = null
  let deadline = performance.now() + sliceMs
  for (let number = ring.end - 1; number >= ring.start; number--) {
    const held = ring.at(number)
    if (held && isEntry(held)) {
      since = held.at
      if (isFrom(held.get("client_ip"))) {
        requests++
        isIncluded ||= held.ms === ms && held.seq === seq
        const userId = held.get("user_id") ?? ""
        if (isUuid(userId)) {
          const { at } = held
          const known = users.get(userId) ?? { userId, requests: 0, last: at, firstAfter: null }
          const isAfter = held.ms > ms || (held.ms === ms && held.seq > seq)
          users.set(userId, { ...known, requests: known.requests + 1, firstAfter: isAfter ? at : known.firstAfter })
        }
      }
    } else if (held?.kind === "reset") break
    if ((number & 127) === 0 && performance.now() >= deadline) {
      await setImmediate()
      deadline = performance.now() + sliceMs
    }
  }
  return { requests, isIncluded, users: [...users.values()].toSorted((a, b) => b.requests - a.requests), since }
}
