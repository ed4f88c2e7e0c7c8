import type { RedisClient } from "./connections.ts"
import { serverTime } from "./databases.ts"

// The gateway's buckets of tokens (contract, section 9): a request takes one, and is answered 429 where there is none.

/** A bucket as it was last written. */
export interface Bucket {
  /** Tokens at `at`; below 0 only where it is held. */
  readonly tokens: number
  /** Seconds since the epoch. */
  readonly at: number
}

/** Reads buckets; undefined in the place of one that is not there or cannot be read. Throws DeckError. */
export async function readBuckets(
  gateway: RedisClient,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<(Bucket | undefined)[]> {
  const found = await Promise.all(
    keys.map(key => gateway.run(redis => redis.hmget(key, "tokens", "ts").catch(refuseOthers), signal)),
  )
  return found.map(([tokens, at]) => {
    const bucket = { tokens: Number(tokens ?? Number.NaN), at: Number(at ?? Number.NaN) }
    return Number.isFinite(bucket.tokens) && Number.isFinite(bucket.at) ? bucket : undefined
  })
}

/** What is no hash is no bucket. */
function refuseOthers(error: Error): (string | null)[] {
  if (error.message.startsWith("WRONGTYPE")) return []
  throw error
}

/** How long a bucket is to have no token. */
export interface Holding {
  /** Seconds from now. */
  readonly seconds: number
  /** Tokens that it gains a second. */
  readonly rate: number
}

/**
 * Empties a bucket so far that it has no token before `seconds` are over: what it gains meanwhile is taken from it
 * beforehand. It expires then, unless requests renew it. Throws DeckError.
 */
export async function holdBucket(gateway: RedisClient, key: string, { seconds, rate }: Holding): Promise<void> {
  const now = await serverTime(gateway).catch(() => Date.now())
  const tokens = (1 - rate * seconds).toFixed(6)
  await gateway.run(redis =>
    redis
      .multi()
      .hset(key, "tokens", tokens, "ts", (now / 1_000).toFixed(6))
      .expire(key, Math.max(1, Math.ceil(seconds)))
      .exec()
      .then(replies => {
        for (const [error] of replies ?? []) if (error) throw error
      })
      .catch((error: Error & { previousErrors?: readonly Error[] }) => {
        // The transaction is discarded for what an earlier command was refused.
        throw error.previousErrors?.[0] ?? error
      }),
  )
}

/** Takes a bucket away: the next request finds a full one. Throws DeckError. */
export const releaseBucket = (gateway: RedisClient, key: string): Promise<unknown> =>
  gateway.run(redis => redis.del(key))
