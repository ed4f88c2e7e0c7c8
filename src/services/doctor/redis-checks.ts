import type { RedisClient, RedisConnections, RedisTarget } from "../../adapters/redis/connections.ts"
import { serverInfo, serverTime, watchedBy } from "../../adapters/redis/databases.ts"
import { readEndpoint } from "../../adapters/redis/endpoint.ts"
import { isLoopback } from "../../config/urls.ts"
import { failure, ok, warning } from "../../domain/check.ts"
import { asDeckError } from "../../domain/errors.ts"
import type { RedisDatabase } from "../redis-rights.ts"
import { type Check, GRANTS } from "./check.ts"
import { clockSkew, latency, versionOf } from "./measures.ts"
import { rightsFound } from "./redis-rights-found.ts"
import { lookAtRole } from "./redis-topology.ts"

/** Streams exist since 5; before 7 a stream does not count the entries ever added. */
const OLDEST = 5
const COUNTS_ENTRIES = 7

/** A Redis server of the deployment that is looked at. */
interface Looked {
  readonly database: RedisDatabase
  /** The setting that names it. */
  readonly setting: string
  /** What follows the names of its checks, where there are several such servers: ` of eu`. */
  readonly whose?: string
  /** The access logs in it: none where it is the API's. */
  readonly streams?: readonly string[]
  /** The connection to it, and where it is. */
  readonly server: (redis: RedisConnections) => { readonly client: RedisClient; readonly target: RedisTarget }
}

export interface RedisChecks {
  readonly connection: Check
  readonly all: readonly Check[]
}

/** Checks of a server, whatever is kept there. */
export function redisChecks({ database, setting, whose = "", streams = [], server }: Looked): RedisChecks {
  const area = `redis_${database}` as const
  const connection: Check = {
    area,
    name: `connection${whose}`,
    remedy: [`check ${setting}, and that this host can reach the server`],
    async look({ redis, signal }) {
      const { client, target } = server(redis)
      const { address } = readEndpoint(target)
      const answers = latency(address, () => client.ping(signal))
      const [found, watched] = await Promise.allSettled([answers, watchedBy(target, signal)])
      if (watched.status === "fulfilled" && watched.value !== undefined) {
        const instead = watched.value.map(({ name, address }) => `set ${setting} to the server of ${name}: ${address}`)
        return failure(`${address} is a Sentinel, not the Redis server that it watches`, ...instead)
      }
      return found.status === "fulfilled" ? found.value : Promise.reject(found.reason)
    },
  }
  const check = (name: string, look: Check["look"]): Check => ({
    ...{ area, name: `${name}${whose}`, after: [connection], look },
  })

  /** A check that fails for want of a right tells less, and nothing else is lost. */
  const telling = (name: string, look: Check["look"]) =>
    check(name, async context => {
      try {
        return await look(context)
      } catch (error) {
        const { denied, message } = asDeckError(error)
        if (!denied) throw error
        return warning(`unknown: ${message}`, GRANTS)
      }
    })

  const version = telling("version", async ({ redis, signal }) => {
    const text = (await serverInfo(server(redis).client, "server", signal)).get("redis_version")
    if (text === undefined) return warning("unknown: the server does not report it")
    const [major] = versionOf(text)
    if (major < OLDEST) return failure(`${text} has no streams`, "upgrade to Redis 7 or newer")
    if (major >= COUNTS_ENTRIES) return ok(text)
    return warning(`${text}: lost log entries are detected but not counted`, "upgrade to Redis 7 or newer")
  })

  const tls = check("TLS", ({ redis }) => {
    const endpoint = readEndpoint(server(redis).target)
    if (endpoint.client.tls) return ok("on, certificate verified")
    const servers = endpoint.watched?.sentinels ?? endpoint.nodes ?? [endpoint]
    if (servers.every(({ client }) => client.path !== undefined || isLoopback(client.host ?? "")))
      return ok("not needed: the connection does not leave this host")
    return warning("off: passwords and data are sent unencrypted", `use rediss:// in ${setting}`)
  })

  const role = telling("role", ({ redis, signal }) => lookAtRole({ ...server(redis), setting }, signal))

  const rights = check("rights", ({ redis, signal }) => rightsFound({ ...server(redis), database, streams }, signal))

  const clock = telling("clock", ({ redis, signal }) => clockSkew(() => serverTime(server(redis).client, signal)))

  return { connection, all: [connection, version, tls, role, rights, clock] }
}

export const apiRedis = redisChecks({
  database: "api",
  setting: "REDIS_URL",
  server: ({ api, options }) => ({ client: api, target: options.api }),
})
