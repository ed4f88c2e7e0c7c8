import { z } from "zod"
import { countPresent, databasesWith } from "../adapters/redis/databases.ts"
import { readEndpoint } from "../adapters/redis/endpoint.ts"
import { defineOperation, type Stores } from "./operation.ts"
import { databaseIn } from "./redis-database.ts"
import type { RedisDatabase } from "./redis-rights.ts"

/** A database of a Redis server. */
export interface Place {
  /** `host:port`. */
  readonly address: string
  readonly database: number
}

type Redis = Pick<Stores, "redis"> & Partial<Pick<Stores, "signal">>

/** The database that a connection is made to. */
export function placeOf({ redis }: Pick<Stores, "redis">, of: RedisDatabase): Place {
  const { address, client } = readEndpoint(databaseIn(redis, of).target)
  return { address, database: client.db ?? 0 }
}

export const isSamePlace = (one: Place, other: Place) =>
  one.address === other.address && one.database === other.database

/** Returns a place as it ends a URL: `host:port/1`. */
export const nameOf = ({ address, database }: Place) => `${address}/${database}`

/**
 * Finds the database that holds the access log, on the server that is taken for the gateway's or else on the API's
 * (contract, section 4). Throws DeckError.
 */
export async function findLog({ redis, signal = new AbortController().signal }: Redis): Promise<Place | undefined> {
  const { api } = redis.options
  const [{ redis: gateway, stream }] = redis.gateways
  const [here, there] = [readEndpoint(gateway).address, readEndpoint(api).address]
  const [database] = await databasesWith(gateway, stream, signal)
  if (database !== undefined) return { address: here, database }
  // Only the gateway's is asked for: the API's may be out of reach.
  const [other] = here === there ? [] : await databasesWith(api, stream, signal).catch(() => [])
  return other === undefined ? undefined : { address: there, database: other }
}

/**
 * Says which database holds the access log, where the one that is taken for the gateway's does not: a log that looks
 * empty may be another's. Undefined where it holds the log. Throws DeckError.
 */
export async function missingLog(stores: Redis): Promise<string | undefined> {
  const { redis, signal } = stores
  if ((await countPresent(redis.gateways[0].client, [redis.gateways[0].stream], signal)) > 0) return undefined
  const here = `Redis ${nameOf(placeOf(stores, "gateway"))} holds no access log`
  const found = await findLog(stores).catch(() => "unknown" as const)
  if (found === "unknown") return `${here}: check GATEWAY_REDIS_URL and --stream`
  if (found !== undefined) return `${here}: ${nameOf(found)} does, name it in GATEWAY_REDIS_URL`
  return `${here}, nor does another database there: nothing was logged yet, or check GATEWAY_REDIS_URL and --stream`
}

/** Whether the stream of an empty log exists, and where it may be; null where it does. No command of its own. */
export const explainEmptyLog = defineOperation({
  words: ["log", "place"],
  summary: "which Redis database holds the access log",
  input: z.object({}),
  answer: z.object({ missing: z.object({ stream: z.string(), says: z.string() }).nullable() }),
  async run(context) {
    const says = await missingLog(context)
    return { missing: says === undefined ? null : { stream: context.redis.gateways[0].stream, says } }
  },
})
