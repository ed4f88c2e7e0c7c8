import { Redis } from "ioredis"
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest"
import { openRedis, type RedisConnections } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG, GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { type RedisServer, startRedisServer } from "../../src/demo/redis-server.ts"
import { COPY, JSON_ROWS } from "./gateway-settings.ts"
import { operationsOn } from "./operators.ts"
import type { TestDatabase } from "./postgres.ts"
import { settingsOn } from "./settings.ts"
import { until } from "./waiting.ts"

/** The stream of `de`, which shares a database with `eu`. */
const DE_LOG = "de:access_log"

/**
 * A platform with three gateways: `eu` and `de` in one database, `us` on a server of its own, which may be killed. Before each
 * test all of them run, and have what the rows say.
 */
export function severalGatewaysOn(database: TestDatabase) {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  let server: RedisServer
  let us: Redis
  let redis: RedisConnections

  const start = async (port?: number) => {
    server = await startRedisServer(port === undefined ? {} : { port })
    us ??= new Redis(`${server.url}/1`, { retryStrategy: () => 50, maxRetriesPerRequest: null })
    us.on("error", () => {})
  }
  const kill = async () => {
    server.process.kill("SIGKILL")
    await until(() => server.process.exitCode !== null || server.process.signalCode !== null)
  }
  const listed = () =>
    [
      { name: "eu", redisUrl: `${operations.server.url}/1` },
      { name: "de", redisUrl: `${operations.server.url}/1`, stream: DE_LOG },
      { name: "us", redisUrl: `${server.url}/1` },
    ] as const
  beforeAll(async () => {
    await start()
    const [eu, de, us] = listed()
    const gateway = ({ redisUrl, ...one }: ReturnType<typeof listed>[number]) => ({ ...one, redis: { url: redisUrl } })
    redis = openRedis({
      api: { url: `${operations.server.url}/0` },
      gateways: [gateway(eu), gateway(de), gateway(us)],
    })
  })
  beforeEach(async () => {
    await settings.setRows("gateway.", JSON_ROWS)
    for (const action of ["gateway.config_update", "gateway.hold", "gateway.release"])
      await settings.forgetAudit(action)
    await operations.api.flushdb()
    for (const gateway of [operations.gateway, us]) {
      await gateway.flushdb()
      await gateway.set(GATEWAY_CONFIG, JSON.stringify(COPY))
      await gateway.xadd(ACCESS_LOG, "*", "path", "/")
    }
  })
  afterEach(async () => {
    server.process.kill("SIGCONT")
    if (server.process.signalCode !== null) await start(server.port)
  })
  afterAll(async () => {
    redis.close()
    us.disconnect()
    await server.stop()
  })

  const copyIn = async (gateway: Redis) => JSON.parse((await gateway.get(GATEWAY_CONFIG)) ?? "null")
  const setCopyIn = (gateway: Redis, copy: unknown) => gateway.set(GATEWAY_CONFIG, JSON.stringify(copy))
  return {
    operations,
    settings,
    deck: () => operations.deck(undefined, redis),
    /** The gateways as a profile lists them. */
    listed,
    /** The database of `eu` and `de`, past the code under test. */
    get eu() {
      return operations.gateway
    },
    get us() {
      return us
    },
    /** What there is of copies. */
    copies: async () => ({ eu: await copyIn(operations.gateway), us: await copyIn(us) }),
    setCopy: (copies: { readonly eu?: unknown; readonly us?: unknown }) =>
      Promise.all([
        ...("eu" in copies ? [setCopyIn(operations.gateway, copies.eu)] : []),
        ...("us" in copies ? [setCopyIn(us, copies.us)] : []),
      ]),
    /** Ends the server of `us` without a word. */
    kill,
    /** Makes it silent until the test is over: its connections stay, and nothing answers. */
    freeze: () => void server.process.kill("SIGSTOP"),
    /** Starts it again, with `copy` in it. */
    restart: async (copy: unknown = COPY) => {
      await start(server.port)
      await setCopyIn(us, copy)
      await us.xadd(ACCESS_LOG, "*", "path", "/")
    },
  }
}
