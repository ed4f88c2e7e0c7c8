import { z } from "zod"
import { riskScore } from "./access-log.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** Whom a risk threshold would have hit, of the requests that are still held. */
export const thresholdHits = z.object({
  /** How many requests are held. */
  requests: z.number(),
  /** How many of them, the newest ones, were looked at; the counts below are of these. */
  seen: z.number(),
  /** When the oldest request looked at was logged, RFC 3339; null where there was none. */
  since: z.string().nullable(),
  /** How many would have been rejected. */
  rejected: z.number(),
  /** From how many different addresses these came. */
  addresses: z.number(),
  /** How many of them were of signed-in users. */
  signed_in: z.number(),
  /** The users hit most often; the name is empty where nobody has the id. */
  users: z.array(z.object({ id: z.string(), username: z.string(), requests: z.number() })),
})
export type ThresholdHits = z.infer<typeof thresholdHits>

/** A count as far as it has come, as plain data: another may go on where this one ended. */
export const thresholdTally = z.object({
  /** The id of the oldest entry looked at; null before the first. */
  oldest: z.string().nullable(),
  seen: z.number(),
  rejected: z.number(),
  signedIn: z.number(),
  addresses: z.set(z.string()),
  /** How often each user was hit, by id. */
  users: z.map(z.string(), z.number()),
})
export type ThresholdTally = z.infer<typeof thresholdTally>

/** Counts whom the threshold (0 to 1) would have hit: as the gateway does it, at this risk or more, and nobody at 0. */
export class ThresholdCount {
  private readonly threshold: number
  private readonly counted: ThresholdTally

  constructor(threshold: number, begun?: ThresholdTally) {
    this.threshold = threshold
    this.counted = {
      ...(begun ?? { oldest: null, seen: 0, rejected: 0, signedIn: 0 }),
      addresses: new Set(begun?.addresses),
      users: new Map(begun?.users),
    }
  }

  get tally(): Readonly<ThresholdTally> {
    return this.counted
  }

  /** Takes the next older entry, and keeps nothing of it but text. */
  add(entry: StreamEntry): void {
    const { counted, threshold } = this
    counted.seen++
    counted.oldest = entry.id
    const risk = riskScore(entry)
    if (threshold === 0 || risk === null || risk < threshold) return
    counted.rejected++
    const address = entry.get("client_ip") ?? ""
    if (address !== "") counted.addresses.add(address)
    const user = entry.get("user_id") ?? ""
    if (user === "") return
    counted.signedIn++
    counted.users.set(user, (counted.users.get(user) ?? 0) + 1)
  }

  /** The ids of the `count` users hit most often, with how often that was. */
  mostHit(count: number): [id: string, requests: number][] {
    return [...this.counted.users].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, count)
  }
}
