import type { Redis } from "ioredis"
import { within } from "../deadline.ts"
import { connect, discard, type RedisClient, type RedisTarget } from "./connections.ts"
import { readEndpoint } from "./endpoint.ts"
import { toDeckError } from "./errors.ts"

/** Counts how many of `keys` exist. Throws DeckError. */
export const countPresent = (client: RedisClient, keys: readonly string[], signal?: AbortSignal): Promise<number> =>
  keys.length === 0 ? Promise.resolve(0) : client.run(redis => redis.exists([...keys]), signal)

/** Returns the numbers of the databases that hold `key`, on the server of `target`. Throws DeckError. */
export async function databasesWith(target: RedisTarget, key: string, signal: AbortSignal): Promise<number[]> {
  const endpoint = readEndpoint(target)
  let redis: Redis | undefined
  try {
    // A separate connection: SELECT would change the database for everything that shares one.
    redis = await connect(endpoint, signal)
    const keyspace = await within(TIMEOUT_MS, redis.info("keyspace"), signal)
    const found: number[] = []
    for (const [, database] of keyspace.matchAll(/^db(\d+):/gm)) {
      await within(TIMEOUT_MS, redis.select(Number(database)), signal)
      if ((await within(TIMEOUT_MS, redis.exists(key), signal)) === 1) found.push(Number(database))
    }
    return found
  } catch (error) {
    throw toDeckError(error, endpoint.address)
  } finally {
    if (redis) discard(redis)
  }
}

const TIMEOUT_MS = 2_000

/** Returns the server's version from INFO; undefined where INFO is not permitted. Throws DeckError. */
export async function serverVersion(client: RedisClient, signal?: AbortSignal): Promise<string | undefined> {
  const info = await client.run(redis => redis.info("server"), signal)
  return info.match(/^redis_version:(\S+)/m)?.[1]
}

/** Returns the server's clock, milliseconds since the epoch. Throws DeckError. */
export async function serverTime(client: RedisClient, signal?: AbortSignal): Promise<number> {
  const [seconds, microseconds] = await client.run(redis => redis.time(), signal)
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000
}
