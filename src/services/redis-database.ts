import type { RedisClient, RedisConnections } from "../adapters/redis/connections.ts"
import type { RedisTarget } from "../adapters/redis/endpoint.ts"
import type { RedisDatabase } from "./redis-rights.ts"

/** The connection to a database of the deployment, and where that is. */
export function databaseIn(redis: RedisConnections, of: RedisDatabase): { client: RedisClient; target: RedisTarget } {
  if (of === "api") return { client: redis.api, target: redis.options.api }
  const [{ client, redis: target }] = redis.gateways
  return { client, target }
}
