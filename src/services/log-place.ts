import { z } from "zod"
import type { Gateway, RedisTarget } from "../adapters/redis/connections.ts"
import { countPresent, databasesWith } from "../adapters/redis/databases.ts"
import { readEndpoint } from "../adapters/redis/endpoint.ts"
import { asDeckError } from "../domain/errors.ts"
import { fewNames } from "../domain/few-names.ts"
import { ofGateways, redisSettingOf, streamSettingOf } from "./gateway-names.ts"
import { defineOperation, type Stores } from "./operation.ts"

/** A database of a Redis server. */
export interface Place {
  /** `host:port`. */
  readonly address: string
  readonly database: number
}

type Redis = Pick<Stores, "redis"> & Partial<Pick<Stores, "signal">>

/** The database that a target names. */
export function placeOf(target: RedisTarget): Place {
  const { address, client } = readEndpoint(target)
  return { address, database: client.db ?? 0 }
}

export const isSamePlace = (one: Place, other: Place) =>
  one.address === other.address && one.database === other.database

/** Returns a place as it ends a URL: `host:port/1`. */
export const nameOf = ({ address, database }: Place) => `${address}/${database}`

/**
 * Finds the database that holds the access log of a gateway, on the server that is taken for its own or else on the API's
 * (contract, section 4). What another gateway is known to write there is not taken for its log. Throws DeckError.
 */
export async function findLog(
  { redis, signal = new AbortController().signal }: Redis,
  gateway: Gateway,
): Promise<Place | undefined> {
  const { stream, redis: target } = gateway
  const { api } = redis.options
  const [here, there] = [readEndpoint(target).address, readEndpoint(api).address]
  const taken = redis.gateways
    .filter(other => other.name !== gateway.name && other.stream === stream)
    .map(other => placeOf(other.redis))
  const among = (address: string, databases: readonly number[]) =>
    databases.map(database => ({ address, database })).find(place => !taken.some(other => isSamePlace(place, other)))
  // Only the gateway's is asked for: the API's may be out of reach.
  return (
    among(here, await databasesWith(target, stream, signal)) ??
    (here === there ? undefined : among(there, await databasesWith(api, stream, signal).catch(() => [])))
  )
}

/**
 * Says of each gateway whose database does not hold its access log which one does: a log that looks empty may be another's.
 * Undefined where there are none. Throws DeckError; of several gateways those out of reach are left out.
 */
export async function missingLog(stores: Redis): Promise<string | undefined> {
  const missing = await missingLogs(stores)
  return missing.length === 0 ? undefined : saysOf(missing)
}

/** Of so many gateways it is said what is wrong; the others are counted. */
const MOST_SAID = 3

function saysOf(missing: readonly { readonly says: string }[]): string {
  const said = missing.slice(0, MOST_SAID).map(({ says }) => says)
  const more = missing.length - said.length
  return [...said, ...(more > 0 ? [`${more} more gateways have none: opsdeck doctor names them`] : [])].join("; ")
}

async function missingLogs(stores: Redis): Promise<{ readonly stream: string; readonly says: string }[]> {
  const { gateways } = stores.redis
  const looked = await Promise.all(
    gateways.map(gateway =>
      missingLogOf(stores, gateway).catch(error => {
        if (gateways.length === 1 || asDeckError(error).code !== "unavailable") throw error
        return undefined
      }),
    ),
  )
  return looked.flatMap((says, i) => (says === undefined ? [] : [{ stream: gateways[i]?.stream ?? "", says }]))
}

async function missingLogOf(stores: Redis, gateway: Gateway): Promise<string | undefined> {
  const { client, stream, redis } = gateway
  if ((await countPresent(client, [stream], stores.signal)) > 0) return undefined
  const here = `Redis ${nameOf(placeOf(redis))}${ofGateways([gateway.name])} holds no access log`
  const setting = redisSettingOf([gateway.name])
  const check = `check ${setting} and ${streamSettingOf(gateway)}`
  const found = await findLog(stores, gateway).catch(() => "unknown" as const)
  if (found === "unknown") return `${here}: ${check}`
  if (found !== undefined) return `${here}: ${nameOf(found)} does, name it in ${setting}`
  return `${here}, nor does another database there: nothing was logged yet, or ${check}`
}

/** Whether the streams of an empty log exist, and where they may be; null where they do. No command of its own. */
export const explainEmptyLog = defineOperation({
  words: ["log", "place"],
  summary: "which Redis database holds the access log",
  input: z.object({}),
  answer: z.object({ missing: z.object({ stream: z.string(), says: z.string() }).nullable() }),
  async run(context) {
    const missing = await missingLogs(context)
    if (missing.length === 0) return { missing: null }
    const streams = [...new Set(missing.map(({ stream }) => stream))]
    return { missing: { stream: fewNames(streams), says: saysOf(missing) } }
  },
})
