import { z } from "zod"
import type { StreamEntry } from "./stream-entry.ts"
import { thresholdStep } from "./threshold-ladder.ts"

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
  /** Other thresholds around it, the highest first. */
  ladder: z.array(thresholdStep),
})
export type ThresholdHits = z.infer<typeof thresholdHits>

/** How many requests have each risk, in whole per cent from 0 to 100. */
const byRisk = z.array(z.number()).length(101)

/** A count as far as it has come, as plain data: another may go on where this one ended. */
export const thresholdTally = z.object({
  /** The id of the oldest entry looked at; null before the first. */
  oldest: z.string().nullable(),
  seen: z.number(),
  /** All requests with a risk; one of none is never rejected, and not counted here. */
  risky: byRisk,
  /** Those of them that are of signed-in users. */
  signedIn: byRisk,
  /** The addresses that the threshold would have hit. */
  addresses: z.set(z.string()),
  /** How often each user was hit, by id. */
  users: z.map(z.string(), z.number()),
})
export type ThresholdTally = z.infer<typeof thresholdTally>

const NONE = new Array<number>(101).fill(0)

/**
 * Counts whom the threshold (0 to 1) would have hit: as the gateway does it, at this risk or more, and nobody at 0. How
 * many requests that is it counts for every threshold.
 */
export class ThresholdCount {
  private readonly percent: number
  private readonly counted: ThresholdTally

  constructor(threshold: number, begun?: ThresholdTally) {
    this.percent = Math.round(threshold * 100)
    this.counted = {
      oldest: begun?.oldest ?? null,
      seen: begun?.seen ?? 0,
      risky: [...(begun?.risky ?? NONE)],
      signedIn: [...(begun?.signedIn ?? NONE)],
      addresses: new Set(begun?.addresses),
      users: new Map(begun?.users),
    }
  }

  get tally(): Readonly<ThresholdTally> {
    return this.counted
  }

  /** Takes the next older entry, and keeps nothing of it but text. */
  add(entry: StreamEntry): void {
    const { counted, percent } = this
    counted.seen++
    counted.oldest = entry.id
    const risk = Math.min(100, Math.floor(entry.number("risk_score") ?? 0))
    if (risk <= 0) return
    const user = entry.get("user_id") ?? ""
    countOne(counted.risky, risk)
    if (user !== "") countOne(counted.signedIn, risk)
    if (percent === 0 || risk < percent) return
    const address = entry.get("client_ip") ?? ""
    if (address !== "") counted.addresses.add(address)
    if (user !== "") counted.users.set(user, (counted.users.get(user) ?? 0) + 1)
  }

  /** The ids of the `count` users hit most often, with how often that was. */
  mostHit(count: number): [id: string, requests: number][] {
    return [...this.counted.users].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, count)
  }
}

function countOne(counts: number[], risk: number): void {
  counts[risk] = (counts[risk] as number) + 1
}
