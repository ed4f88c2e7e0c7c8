import { z } from "zod"
import { riskPercent } from "./access-log-fields.ts"
import type { StreamEntry } from "./stream-entry.ts"
import { percentOf, RISKS, thresholdStep } from "./threshold-ladder.ts"

/** Requests that a risk threshold would have rejected, of those still held. */
export const thresholdHits = z.object({
  /** Number of requests held. */
  requests: z.number(),
  /** Number of requests examined, the newest ones; the counts below are of these. */
  seen: z.number(),
  /** Time of the oldest request examined, RFC 3339; null without any. */
  since: z.string().nullable(),
  /** Number of requests that would have been rejected. */
  rejected: z.number(),
  /** Number of different addresses of these. */
  addresses: z.number(),
  /** Number of these by signed-in users. */
  signed_in: z.number(),
  /** The users affected most often; the name is empty for an unknown id. */
  users: z.array(z.object({ id: z.string(), username: z.string(), requests: z.number() })),
  /** Other thresholds around it, the highest first. */
  ladder: z.array(thresholdStep),
  /** The gateways whose streams could not be read now, by their names. */
  unread: z.array(z.string()).optional(),
})
export type ThresholdHits = z.infer<typeof thresholdHits>

/** Requests of the last 24 hours that a risk threshold would have rejected; all that are held are examined. */
export const thresholdDay = thresholdHits.extend({
  /** Seconds of the day that are held; of several gateways on average. */
  held_s: z.number(),
  /** Of several gateways those of which less than the day is held, and how much. */
  lacking: z.array(z.object({ gateway: z.string(), held_s: z.number() })).optional(),
})
export type ThresholdDay = z.infer<typeof thresholdDay>

/** Number of requests by risk, in whole per cent from 0 to 100. */
const byRisk = z.array(z.number()).length(RISKS.length)

/** Intermediate state of a count, as plain data: another count may continue from it. */
export const thresholdTally = z.object({
  /** The ids of the oldest entries examined, by gateway. */
  oldest: z.map(z.string(), z.string()),
  seen: z.number(),
  /** All requests with a risk; one without a risk is never rejected, and not counted here. */
  risky: byRisk,
  /** Those of signed-in users. */
  signedIn: byRisk,
  /** Addresses that the threshold would have rejected. */
  addresses: z.set(z.string()),
  /** Number of rejected requests of each user, by id. */
  users: z.map(z.string(), z.number()),
})
export type ThresholdTally = z.infer<typeof thresholdTally>

const NONE = RISKS.map(() => 0)

/** Counts what the threshold (0 to 1) would have rejected, like the gateway: at this risk or more, and none at 0. */
export class ThresholdCount {
  private readonly percent: number
  private readonly counted: ThresholdTally

  constructor(threshold: number, begun?: ThresholdTally) {
    this.percent = percentOf(threshold)
    this.counted = {
      oldest: new Map(begun?.oldest),
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

  /** Counts the next older entry, and keeps nothing of it but text. */
  add(entry: StreamEntry): void {
    const { counted, percent } = this
    counted.seen++
    counted.oldest.set(entry.gateway, entry.id)
    const risk = Math.floor(riskPercent(entry) ?? 0)
    if (risk <= 0) return
    const user = entry.get("user_id") ?? ""
    countOne(counted.risky, risk)
    if (user !== "") countOne(counted.signedIn, risk)
    if (percent === 0 || risk < percent) return
    const address = entry.get("client_ip") ?? ""
    if (address !== "") counted.addresses.add(address)
    if (user !== "") counted.users.set(user, (counted.users.get(user) ?? 0) + 1)
  }

  /** Returns the ids of the `count` users affected most often, with their numbers of requests. */
  mostHit(count: number): [id: string, requests: number][] {
    return [...this.counted.users].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, count)
  }
}

function countOne(counts: number[], risk: number): void {
  counts[risk] = (counts[risk] as number) + 1
}
