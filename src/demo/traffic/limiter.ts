import type { RedisClient } from "../../adapters/redis/connections.ts"
import { bucketKey } from "../../adapters/redis/keys.ts"
import type { LoggedRequest } from "./traffic.ts"

/** Tokens a second, and at most, of the demo's buckets. */
export interface Limit {
  readonly rate: number
  readonly capacity: number
}

/**
 * Takes a token from a bucket that is there, and answers whether there was one: the demo makes none, so that its traffic is
 * limited only where somebody is held. A refused request takes nothing, and each renews the expiry (contract, section 9).
 */
const TAKE = `
if redis.call("exists", KEYS[1]) == 0 then return 1 end
local held = redis.call("hmget", KEYS[1], "tokens", "ts")
local now, rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tokens = math.min(capacity, tonumber(held[1]) + math.max(0, now - tonumber(held[2])) * rate)
local passes = tokens >= 1
redis.call("hset", KEYS[1], "tokens", tostring(passes and tokens - 1 or tokens), "ts", ARGV[1])
redis.call("expire", KEYS[1], math.ceil(capacity / rate) * 2 + 1)
return passes and 1 or 0`

/** Stands in for the gateway's limiter: requests of whom is held come back as the gateway logs those it answers 429. */
export async function limited(
  gateway: RedisClient,
  requests: readonly LoggedRequest[],
  { rate, capacity }: Limit,
): Promise<LoggedRequest[]> {
  if (requests.length === 0) return []
  const now = (Date.now() / 1_000).toFixed(6)
  const replies = await gateway.run(redis => {
    const pipeline = redis.pipeline()
    for (const request of requests) pipeline.eval(TAKE, 1, bucketOf(request), now, rate, capacity)
    return pipeline.exec()
  })
  return requests.map((request, index) => (replies?.[index]?.[1] === 0 ? refused(request) : request))
}

function bucketOf(request: LoggedRequest): string {
  const fields = new Map(request)
  const org = String(fields.get("org_id") ?? "")
  return org === "" ? bucketKey("address", String(fields.get("client_ip"))) : bucketKey("organization", org)
}

/** The gateway answers at once, and logs no risk. */
const REFUSED: Readonly<Record<string, string>> = { status: "429", duration_ms: "1", risk_score: "0" }

const refused = (request: LoggedRequest): LoggedRequest =>
  request.map(([name, value]) => [name, REFUSED[name] ?? value] as const)
