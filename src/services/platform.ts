import { openPostgres, type Postgres } from "../adapters/postgres/connection.ts"
import { openRedis, type RedisConnections } from "../adapters/redis/connections.ts"
import type { Config } from "../config.ts"
import { type Environment, NO_ENVIRONMENT } from "./environment.ts"

/** The stores that opsdeck works on, and where they are. */
export interface Platform {
  readonly environment: Environment
  readonly postgres: Postgres
  readonly redis: RedisConnections
  close(): Promise<void>
}

/**
 * Connects to nothing until it is used. As long as `environment` is read-only, PostgreSQL is told so with every session. Throws
 * DeckError("invalid") for a URL that cannot be read.
 */
export function openPlatform(
  config: Pick<Config, "postgres" | "redis">,
  environment: Environment = NO_ENVIRONMENT,
): Platform {
  const postgres = openPostgres({ ...config.postgres, isReadOnly: () => environment.readOnly !== undefined })
  const redis = openRedis(config.redis)
  return {
    environment,
    postgres,
    redis,
    async close() {
      redis.close()
      await postgres.close()
    },
  }
}
