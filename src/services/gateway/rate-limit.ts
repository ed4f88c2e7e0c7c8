import { serverTime } from "../../adapters/redis/databases.ts"
import { FEW, fewNames } from "../../domain/few-names.ts"
import type { GatewayConfig } from "../../domain/gateway.ts"
import { type LimitedRequest, type RateLimitHits, replayRateLimit } from "../../domain/rate-limit-count.ts"
import { stampBack } from "../../domain/stream-clock.ts"
import type { Stores } from "../operation.ts"
import { readRecentLog } from "../recent-log.ts"

const MOST_REQUESTS = 50_000
const PATIENCE_MS = 2_000

/**
 * Returns the addresses and organizations that a rate limit would have limited in the last minute, by what the stream holds,
 * as far as it can be read in two seconds. Server-sent events pass without a token, and the log does not tell them apart:
 * they are counted like others. Throws DeckError.
 */
export async function limitedBy(
  stores: Pick<Stores, "redis" | "signal">,
  {
    rate_limit_capacity: capacity,
    rate_limit_per_minute: perMinute,
  }: Pick<GatewayConfig, "rate_limit_capacity" | "rate_limit_per_minute">,
): Promise<RateLimitHits> {
  const requests: LimitedRequest[] = []
  const deadline = performance.now() + PATIENCE_MS
  const now = await streamTime(stores)
  let at = now
  for await (const entries of readRecentLog(stores)) {
    at = stampBack(entries, at)
    for (const entry of entries) {
      const org_id = entry.get("org_id") || entry.get("account_id") || ""
      requests.push({ ms: entry.at, address: entry.get("client_ip") ?? "", org_id })
    }
    if (requests.length >= MOST_REQUESTS || performance.now() > deadline) break
  }
  return replayRateLimit(requests.reverse(), { capacity, perMinute, named: FEW, until: now })
}

/** The latest clock of those that answer: no entry is newer. */
async function streamTime({ redis, signal }: Pick<Stores, "redis" | "signal">): Promise<number> {
  const clocks = await Promise.all(redis.gateways.map(({ client }) => serverTime(client, signal).catch(() => 0)))
  return Math.max(...clocks) || Date.now()
}

/** A sentence about those that are limited: `4 over it: 203.0.113.7 (61 refused), …`. */
export function limitedText({ limited, count, refused }: RateLimitHits): string {
  const named = limited.map(one => `${one.address || `organization ${one.org_id}`} (${one.refused})`)
  return `of the last minute ${refused} requests would have been refused, from ${count}: ${fewNames(named, count)}`
}
