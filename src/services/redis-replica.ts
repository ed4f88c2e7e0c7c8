import { readEndpoint } from "../adapters/redis/endpoint.ts"
import { replicationRole } from "../adapters/redis/topology.ts"
import { asDeckError } from "../domain/errors.ts"
import type { Stores } from "./operation.ts"
import { databaseIn } from "./redis-database.ts"
import type { RedisDatabase } from "./redis-rights.ts"

/** The settings that name the two databases. */
const VARIABLES: Readonly<Record<RedisDatabase, string>> = { api: "REDIS_URL", gateway: "GATEWAY_REDIS_URL" }

/**
 * Says that what a change writes to a Redis will be owed, since it is a replica that takes no writes; undefined where it is none,
 * or does not say so.
 */
export async function readOnlyReplica({ redis, signal }: Stores, written: RedisDatabase): Promise<string | undefined> {
  const { address } = readEndpoint(databaseIn(redis, written).target)
  const role = await replicationRole(databaseIn(redis, written).client, signal).catch(error => {
    if (asDeckError(error).code === "cancelled") throw error
    return undefined
  })
  const { follows } = role ?? {}
  if (follows === undefined || follows.takesWrites) return undefined
  return `Redis at ${address} is a read-only replica: what is to be written there will be owed; name its primary, ${follows.primary}, in ${VARIABLES[written]}`
}
