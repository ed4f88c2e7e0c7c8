import { openPostgres, type Postgres } from "../adapters/postgres/connection.ts"
import { openRedis, type RedisConnections } from "../adapters/redis/connections.ts"
import type { Config } from "../config.ts"
import { NOWHERE, type Site } from "./site.ts"

/** The stores that opsdeck works on, and where they are. */
export interface Platform {
  readonly site: Site
  readonly postgres: Postgres
  readonly redis: RedisConnections
  close(): Promise<void>
}

/**
 * Connects to nothing until it is used. As long as `site` is read-only, PostgreSQL is told so with every session. Throws
 * DeckError("invalid") for a URL that cannot be read.
 */
export function openPlatform(config: Pick<Config, "postgres" | "redis">, site: Site = NOWHERE): Platform {
  const postgres = openPostgres({ ...config.postgres, isReadOnly: () => site.readOnly !== undefined })
  const redis = openRedis(config.redis)
  return {
    site,
    postgres,
    redis,
    async close() {
      redis.close()
      await postgres.close()
    },
  }
}
