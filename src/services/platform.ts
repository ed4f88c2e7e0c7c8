import { openPostgres, type Postgres } from "../adapters/postgres/connection.ts"
import { openRedis, type RedisConnections, type RedisOptions } from "../adapters/redis/connections.ts"

/** The stores that opsdeck works on. */
export interface Platform {
  readonly postgres: Postgres
  readonly redis: RedisConnections
  close(): Promise<void>
}

/** Connects to nothing until it is used. Throws DeckError("invalid") for a URL that cannot be read. */
export function openPlatform(config: { postgres: { url: string }; redis: RedisOptions }): Platform {
  const postgres = openPostgres(config.postgres)
  const redis = openRedis(config.redis)
  return {
    postgres,
    redis,
    async close() {
      redis.close()
      await postgres.close()
    },
  }
}
