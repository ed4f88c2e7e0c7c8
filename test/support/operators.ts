import { Redis } from "ioredis"
import { afterAll, beforeAll } from "vitest"
import { oneGateway, openRedis, type RedisConnections } from "../../src/adapters/redis/connections.ts"
import { type RedisServer, startRedisServer } from "../../src/demo/redis-server.ts"
import type { Credentials } from "../../src/domain/credentials.ts"
import { Deck } from "../../src/services/deck.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { addAdministrator, type Person } from "./people.ts"
import type { TestDatabase } from "./postgres.ts"

/** Both stores, and operators at them; its members may be used within hooks and tests only. */
export interface TestOperations {
  readonly server: RedisServer
  /** The API's database, past the code under test. */
  readonly api: Redis
  /** The gateway's. */
  readonly gateway: Redis
  readonly redis: RedisConnections
  /** A deck of whoever signs in; of a new administrator where nobody is named. */
  deck(credentials?: Credentials, redis?: RedisConnections): Promise<Deck>
}

/** A Redis of its own beside `database`, for the tests of the surrounding file or `describe`. */
export function operationsOn(database: TestDatabase): TestOperations {
  let redis: RedisConnections
  const operations = {
    async deck(credentials: Credentials | Person | undefined, other = redis) {
      const platform = { postgres: database.postgres, redis: other }
      const who = credentials ?? (await addAdministrator(database.postgres))
      return new Deck(platform, await signIn(platform, who, { console: false }))
    },
  } as { -readonly [K in keyof TestOperations]: TestOperations[K] }
  beforeAll(async () => {
    const server = await startRedisServer()
    operations.server = server
    operations.api = new Redis(`${server.url}/0`)
    operations.gateway = new Redis(`${server.url}/1`)
    redis = openRedis({ api: { url: `${server.url}/0` }, gateways: oneGateway({ url: `${server.url}/1` }) })
    operations.redis = redis
  })
  afterAll(async () => {
    redis.close()
    operations.api.disconnect()
    operations.gateway.disconnect()
    await operations.server.stop()
  })
  return operations
}
