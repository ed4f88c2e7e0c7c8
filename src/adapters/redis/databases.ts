import { within } from "../deadline.ts"
import { connect } from "./connect.ts"
import type { RedisClient } from "./connections.ts"
import { type RedisTarget, readEndpoint } from "./endpoint.ts"
import { toDeckError } from "./errors.ts"
import { type Connection, discard } from "./server-connection.ts"

/** Counts how many of `keys` exist. Throws DeckError. */
export async function countPresent(
  client: RedisClient,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const found = await Promise.all(keys.map(key => client.run(redis => redis.exists(key), signal)))
  return found.reduce((sum, one) => sum + one, 0)
}

/** Returns the numbers of the databases that hold `key`, on the server of `target`. Throws DeckError. */
export async function databasesWith(target: RedisTarget, key: string, signal: AbortSignal): Promise<number[]> {
  const endpoint = readEndpoint(target)
  let connection: Connection | undefined
  try {
    // A separate connection: SELECT would change the database for everything that shares one.
    connection = await connect(endpoint, signal, key)
    const { redis } = connection
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
    if (connection) discard(connection.redis)
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
  const { watched, nodes, ...endpoint } = readEndpoint(target)
  if (watched !== undefined || nodes !== undefined) return undefined
  let connection: Connection | undefined
  try {
    // A Sentinel has no databases.
    connection = await connect({ ...endpoint, client: { ...endpoint.client, db: 0 } }, signal)
    const { redis } = connection
    const info = linesOf(await within(TIMEOUT_MS, redis.info("server"), signal))
    if (info.get("redis_mode") !== "sentinel") return undefined
    const masters = (await within(TIMEOUT_MS, redis.call("SENTINEL", "MASTERS"), signal)) as string[][]
    return masters.map(fields => {
      const of = (name: string) => fields[fields.indexOf(name) + 1] ?? ""
      return { name: of("name"), address: `${of("ip")}:${of("port")}` }
    })
  } catch (error) {
    throw toDeckError(error, endpoint.address)
  } finally {
    if (connection) discard(connection.redis)
  }
}

/** Returns the server's clock, milliseconds since the epoch. Throws DeckError. */
export async function serverTime(client: RedisClient, signal?: AbortSignal): Promise<number> {
  const [seconds, microseconds] = await client.run(redis => redis.time(), signal)
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000
}
