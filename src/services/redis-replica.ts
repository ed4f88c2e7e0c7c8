import type { RedisClient, RedisTarget } from "../adapters/redis/connections.ts"
import { readEndpoint } from "../adapters/redis/endpoint.ts"
import { replicationRole } from "../adapters/redis/topology.ts"
import { asDeckError } from "../domain/errors.ts"
import { gatewayStores } from "./gateway/gateway-store.ts"
import { redisSettingOf } from "./gateway-names.ts"
import type { Stores } from "./operation.ts"
import type { RedisDatabase } from "./redis-rights.ts"

/** A database that is written to, and the setting that names it. */
interface Written {
  readonly client: RedisClient
  readonly target: RedisTarget
  readonly setting: string
}

/**
 * Says which of the Redis that a change writes to is a replica that takes no writes, so that they will be owed; nothing of one
 * that does not say so.
 */
export async function readOnlyReplicas({ redis, signal }: Stores, written: RedisDatabase): Promise<string[]> {
  const all: readonly Written[] =
    written === "api"
      ? [{ client: redis.api, target: redis.options.api, setting: "REDIS_URL" }]
      : gatewayStores(redis).map(store => ({ ...store, setting: redisSettingOf(store.names) }))
  return (await Promise.all(all.map(one => readOnlyReplica(one, signal)))).flat()
}

async function readOnlyReplica({ client, target, setting }: Written, signal: AbortSignal): Promise<string[]> {
  const role = await replicationRole(client, signal).catch(error => {
    if (asDeckError(error).code === "cancelled") throw error
    return undefined
  })
  const { follows } = role ?? {}
  if (follows === undefined || follows.takesWrites) return []
  const { address } = readEndpoint(target)
  return [
    `Redis at ${address} is a read-only replica: what is to be written there will be owed; name its primary, ${follows.primary}, in ${setting}`,
  ]
}
