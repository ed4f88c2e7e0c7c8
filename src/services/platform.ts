import { openHistory } from "../adapters/history/engines.ts"
import { openIncidents } from "../adapters/incidents/store.ts"
import { openPostgres } from "../adapters/postgres/connection.ts"
import { ReadReplica } from "../adapters/postgres/read-replica.ts"
import { openRedis } from "../adapters/redis/connections.ts"
import type { Config } from "../config.ts"
import { type Environment, NO_ENVIRONMENT } from "./environment.ts"

/** The stores that opsdeck works on, and their environment. */
export type Platform = ReturnType<typeof openPlatform>

/** Opens the platform, read-only while `environment` is; connects at first use. Throws DeckError("invalid"). */
export function openPlatform(
  config: Pick<Config, "postgres" | "redis"> & Partial<Pick<Config, "history">>,
  environment: Environment = NO_ENVIRONMENT,
) {
  const postgres = openPostgres({
    ...config.postgres,
    isReadOnly: () => environment.readOnly !== undefined,
    onReplica: replica => environment.heed?.(replica),
    onLateOutcome: outcome => environment.learn?.(outcome),
  })
  const { read } = config.postgres
  const reading = read && new ReadReplica(postgres, read)
  const redis = openRedis(config.redis)
  const history = config.history && openHistory(config.history)
  const incidents = config.history && openIncidents(config.history)
  return {
    environment,
    postgres,
    reading,
    redis,
    history,
    incidents,
    async close() {
      redis.close()
      history?.close()
      incidents?.close()
      await Promise.all([postgres.close(), reading?.close()])
    },
  }
}
