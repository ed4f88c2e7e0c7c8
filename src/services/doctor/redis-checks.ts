import { serverTime, serverVersion } from "../../adapters/redis/databases.ts"
import { readEndpoint } from "../../adapters/redis/endpoint.ts"
import { isLoopback } from "../../config/urls.ts"
import { type CheckArea, failure, ok, warning } from "../../domain/check.ts"
import { type Check, GRANTS } from "./check.ts"
import { clockSkew, latency, versionOf } from "./measures.ts"

/** Streams exist since 5; before 7 a stream does not count the entries ever added. */
const OLDEST = 5
const COUNTS_ENTRIES = 7

interface RedisChecks {
  readonly connection: Check
  readonly all: readonly Check[]
}

/** Checks of one of the two connections; `variable` is the source of its URL. */
function redisChecks(area: CheckArea, database: "api" | "gateway", variable: string): RedisChecks {
  const connection: Check = {
    area,
    name: "connection",
    remedy: [`check ${variable}, and that this host can reach the server`],
    look: ({ redis, signal }) =>
      latency(readEndpoint(redis.options[database]).address, () => redis[database].ping(signal)),
  }
  const check = (name: string, look: Check["look"]): Check => ({
    area,
    name,
    after: [connection],
    remedy: [GRANTS],
    look,
  })

  const version = check("version", async ({ redis, signal }) => {
    const text = await serverVersion(redis[database], signal)
    if (text === undefined) return warning("unknown: the server does not report it")
    const [major] = versionOf(text)
    if (major < OLDEST) return failure(`${text} has no streams`, "upgrade to Redis 7 or newer")
    if (major >= COUNTS_ENTRIES) return ok(text)
    return warning(`${text}: lost log entries are detected but not counted`, "upgrade to Redis 7 or newer")
  })

  const tls = check("TLS", ({ redis }) => {
    const { client } = readEndpoint(redis.options[database])
    if (client.tls) return ok("on, certificate verified")
    if (isLoopback(client.host ?? "")) return ok("not needed: the connection does not leave this host")
    return warning("off: passwords and data are sent unencrypted", `use rediss:// in ${variable}`)
  })

  const clock = check("clock", ({ redis, signal }) => clockSkew(() => serverTime(redis[database], signal)))

  return { connection, all: [connection, version, tls, clock] }
}

export const apiRedis = redisChecks("redis_api", "api", "REDIS_URL")
export const gatewayRedis = redisChecks("redis_gateway", "gateway", "GATEWAY_REDIS_URL")
