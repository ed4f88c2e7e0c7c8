import { openPostgres, type Postgres } from "../adapters/postgres/connection.ts"
import { openRedis, type RedisConnections } from "../adapters/redis/connections.ts"
import type { Config } from "../config.ts"
import { type Environment, NO_ENVIRONMENT } from "./environment.ts"

/** The stores that opsdeck works on, and their environment. */
export interface Platform {
  readonly environment: Environment
  readonly postgres: Postgres
  readonly redis: RedisConnections
  close(): Promise<void>
}

/** Opens the platform, read-only while `environment` is; connects at first use. Throws DeckError("invalid"). */
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
