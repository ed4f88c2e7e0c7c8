import { z } from "zod"
import { riskScore, toAccessLogEntry } from "./access-log.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** Whom a risk threshold would have hit, of the requests that are still in the stream. */
export const thresholdHits = z.object({
  /** How many requests the stream holds. */
  requests: z.number(),
  /** How many of them, the newest ones, were looked at; the counts below are of these. */
  seen: z.number(),
  /** When the oldest request looked at was made, RFC 3339; null where there was none. */
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

/** Counts whom the threshold (0 to 1) would have hit: as the gateway does it, at this risk or more, and nobody at 0. */
export class ThresholdCount {
  seen = 0
  rejected = 0
  signedIn = 0
  private readonly threshold: number
  private readonly from = new Set<string>()
  private readonly users = new Map<string, number>()
  private oldest: StreamEntry | undefined

  constructor(threshold: number) {
    this.threshold = threshold
  }

  /** Takes the next older entry. */
  add(entry: StreamEntry): void {
    this.seen++
    this.oldest = entry
    const risk = riskScore(entry)
    if (this.threshold === 0 || risk === null || risk < this.threshold) return
    this.rejected++
    const address = entry.get("client_ip") ?? ""
    if (address !== "") this.from.add(address)
    const user = entry.get("user_id") ?? ""
    if (user === "") return
    this.signedIn++
    this.users.set(user, (this.users.get(user) ?? 0) + 1)
  }

  get addresses(): number {
    return this.from.size
  }

  get since(): string | null {
    return this.oldest === undefined ? null : toAccessLogEntry(this.oldest).timestamp
  }

  /** The ids of the `count` users hit most often, with how often that was. */
  mostHit(count: number): [id: string, requests: number][] {
    return [...this.users].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, count)
  }
}
