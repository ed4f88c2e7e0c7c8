/** Addresses and organizations that a rate limit would have limited in the last minute, of the requests still held. */
export interface RateLimitHits {
  /** Requests of the last minute. */
  readonly requests: number
  /** How many of them would have been refused. */
  readonly refused: number
  /** Those that were refused most; an organization is known by its id. */
  readonly limited: readonly Limited[]
  /** Number of all that were limited. */
  readonly count: number
}

interface Limited {
  readonly address: string
  readonly org_id: string
  readonly requests: number
  readonly refused: number
}

/** A request as the rate limit sees it: the gateway limits signed-in ones by organization, others by address. */
export interface LimitedRequest {
  /** Milliseconds since the epoch. */
  readonly ms: number
  readonly address: string
  readonly org_id: string
}

const MINUTE_MS = 60_000

/**
 * Replays `requests`, oldest first, through the gateway's token buckets: each bucket begins full with `capacity` tokens,
 * is refilled with `perMinute`, and a request that finds less than one is refused and takes nothing (contract, section 9).
 * Counts the minute before `until`, in ms since the epoch; default: before the newest request.
 */
export function replayRateLimit(
  requests: readonly LimitedRequest[],
  {
    capacity,
    perMinute,
    named,
    until = requests.at(-1)?.ms ?? 0,
  }: { readonly capacity: number; readonly perMinute: number; readonly named: number; readonly until?: number },
): RateLimitHits {
  const buckets = new Map<string, { tokens: number; ms: number }>()
  const seen = new Map<string, Limited>()
  const from = until - MINUTE_MS
  let counted = 0
  let refused = 0
  for (const { ms, address, org_id } of requests) {
    const key = org_id === "" ? address : org_id
    const bucket = buckets.get(key) ?? { tokens: capacity, ms }
    const tokens = Math.min(capacity, bucket.tokens + (Math.max(0, ms - bucket.ms) * perMinute) / MINUTE_MS)
    const isAllowed = tokens >= 1
    buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, ms: Math.max(ms, bucket.ms) })
    if (ms <= from) continue
    const one = seen.get(key) ?? { address: org_id === "" ? address : "", org_id, requests: 0, refused: 0 }
    seen.set(key, { ...one, requests: one.requests + 1, refused: one.refused + (isAllowed ? 0 : 1) })
    counted++
    if (!isAllowed) refused++
  }
  const limited = [...seen.values()].filter(one => one.refused > 0).sort((a, b) => b.refused - a.refused)
  return { requests: counted, refused, limited: limited.slice(0, named), count: limited.length }
}
