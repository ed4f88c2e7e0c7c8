import { openPostgres } from "../src/adapters/postgres/connection.ts"
import { migrate } from "../src/adapters/postgres/migrate.ts"
import { startPostgresServer } from "../src/demo/postgres-server.ts"
import { startRedisServer } from "../src/demo/redis-server.ts"
import { addAdministrator, addApiKey } from "../test/support/people.ts"

/** The stream that the figures are taken on. */
export const STREAM = "bench:access_log"

export interface BenchPlatform {
  readonly redisUrl: string
  readonly redisPid: number
  readonly postgresPid: number
  /** What an administrator's environment holds to work on it. */
  readonly environment: Readonly<Record<string, string>>
}

/** Runs `measure` on a throwaway PostgreSQL and Redis with one administrator. */
export async function onPlatform<T>(measure: (platform: BenchPlatform) => Promise<T>): Promise<T> {
  const postgres = await startPostgresServer()
  const redis = await startRedisServer()
  try {
    await postgres.createDatabase("platform")
    const url = postgres.url("platform")
    const environment = {
      DATABASE_URL: url,
      REDIS_URL: redis.url,
      OPSDECK_STREAM: STREAM,
      OPSDECK_API_KEY: await administratorKey(url),
    }
    return await measure({ redisUrl: redis.url, redisPid: redis.pid, postgresPid: postgres.pid, environment })
  } finally {
    await Promise.all([redis.stop(), postgres.stop()])
  }
}

async function administratorKey(databaseUrl: string): Promise<string> {
  await migrate(databaseUrl)
  const postgres = openPostgres({ url: databaseUrl })
  try {
    return await addApiKey(postgres, await addAdministrator(postgres))
  } finally {
    await postgres.close()
  }
}
