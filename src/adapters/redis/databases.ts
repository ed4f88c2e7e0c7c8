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

/** Returns a section of what the server says of itself in INFO, by name. Throws DeckError. */
export async function serverInfo(
  client: RedisClient,
  section: "server" | "replication",
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  return linesOf(await client.run(redis => redis.info(section), signal))
}

const linesOf = (info: string) =>
  new Map(info.split("\r\n").map(line => [line.split(":", 1)[0] as string, line.slice(line.indexOf(":") + 1)]))

/** A server that a Sentinel watches. */
export interface Watched {
  readonly name: string
  /** `host:port`. */
  readonly address: string
}

/** Returns what the Sentinel at `target` watches; undefined where there is none, or it does not say so. Throws DeckError. */
export async function watchedBy(target: RedisTarget, signal: AbortSignal): Promise<Watched[] | undefined> {
  const { client, address } = readEndpoint(target)
  let redis: Redis | undefined
  try {
    // A Sentinel has no databases.
    redis = await connect({ client: { ...client, db: 0 }, address }, signal)
    const info = linesOf(await within(TIMEOUT_MS, redis.info("server"), signal))
    if (info.get("redis_mode") !== "sentinel") return undefined
    const masters = (await within(TIMEOUT_MS, redis.call("SENTINEL", "MASTERS"), signal)) as string[][]
    return masters.map(fields => {
      const of = (name: string) => fields[fields.indexOf(name) + 1] ?? ""
      return { name: of("name"), address: `${of("ip")}:${of("port")}` }
    })
  } catch (error) {
    throw toDeckError(error, address)
  } finally {
    if (redis) discard(redis)
  }
}

/** Returns the server's clock, milliseconds since the epoch. Throws DeckError. */
export async function serverTime(client: RedisClient, signal?: AbortSignal): Promise<number> {
  const [seconds, microseconds] = await client.run(redis => redis.time(), signal)
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000
}
