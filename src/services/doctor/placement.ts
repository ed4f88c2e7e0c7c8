import { settingOf } from "../../adapters/gateway-words.ts"
import type { Gateway } from "../../adapters/redis/connections.ts"
import { countPresent } from "../../adapters/redis/databases.ts"
import { areOneDatabase } from "../../adapters/redis/endpoint.ts"
import { GATEWAY_CONFIG, settingCacheKey, tokenMarkKey } from "../../adapters/redis/keys.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { asDeckError } from "../../domain/errors.ts"
import { GATEWAY_FIELDS } from "../../domain/gateway.ts"
import { SETTING_OF } from "../email/email-settings.ts"
import { ofGateways, redisSettingOf, streamSettingOf } from "../gateway-names.ts"
import { findLog, isSamePlace, nameOf, placeOf } from "../log-place.ts"
import type { Stores } from "../operation.ts"
import { gatewaysTogether } from "../redis-database.ts"
import type { Check } from "./check.ts"
import { type GatewayServer, onlyOne } from "./gateway-servers.ts"
import { operatorCheck } from "./operator-check.ts"
import { apiRedis } from "./redis-checks.ts"

// Keys of each Redis database (contract, section 4): writing to the wrong one has no effect and looks like success.

const SETTINGS = [...GATEWAY_FIELDS.map(settingOf), ...Object.values(SETTING_OF).map(({ key }) => key)]
const CACHE_KEYS = SETTINGS.map(settingCacheKey)

const swap = (gateway: Gateway) => `REDIS_URL and ${redisSettingOf([gateway.name])} are swapped: exchange them`

export const gatewayHolds = (gateway: Gateway, connection: Check): Check => ({
  area: "redis_gateway",
  name: `holds${ofGateways([gateway.name])}`,
  after: [connection],
  async look(stores) {
    const { client, stream, redis } = gateway
    const holds = async (key: string) => (await countPresent(client, [key], stores.signal)) > 0
    if (!(await holds(stream))) return elsewhere(stores, gateway)
    const copy = (await holds(GATEWAY_CONFIG)) ? ", and the gateway's copy of its settings" : ""
    return ok(`the access log${copy} (database ${placeOf(redis).database})`)
  },
})

/** Finds out where the missing access log of a gateway is. */
async function elsewhere(stores: Stores, gateway: Gateway): Promise<Finding> {
  const found = await findLog(stores, gateway)
  const setting = redisSettingOf([gateway.name])
  if (found === undefined) {
    const others = stores.redis.gateways.length > 1 ? " that is not another gateway's" : ""
    return warning(
      `no access log in any database of this server${others}`,
      `check ${setting}, and ${streamSettingOf(gateway)} if the log has another key; or nothing has been logged yet`,
    )
  }
  const remedy = `set ${setting} to database ${nameOf(found)}`
  if (isSamePlace(found, placeOf(stores.redis.options.api))) {
    const swapped = (await countPresent(gateway.client, CACHE_KEYS, stores.signal)) > 0
    return warning("the access log is in the API's database", swapped ? swap(gateway) : remedy)
  }
  const here = placeOf(gateway.redis)
  const where = found.address === here.address ? `database ${found.database}` : nameOf(found)
  return warning(`the access log is in ${where}, not in database ${here.database}`, remedy)
}

/** Number of most recently ended accesses that are looked up. */
const MARKS = 200

/** Checks that what is the API's is in its own database, and not in that of a gateway. */
export function apiPlacement(servers: readonly GatewayServer[]): Check[] {
  const connections = [apiRedis, ...onlyOne(servers)].map(({ connection }) => connection)
  const holds: Check = {
    area: "redis_api",
    name: "holds",
    after: connections,
    look: stores => keysOfApi(stores, ["cached setting", "cached settings"], CACHE_KEYS),
  }
  const tokenMarks: Check = {
    area: "redis_api",
    name: "token marks",
    after: [operatorCheck, ...connections],
    async look(stores) {
      const users = await stores.postgres.run(
        db =>
          db
            .selectFrom("users")
            .select("id")
            .where("tokens_invalid_before", ">", "epoch")
            .orderBy("tokens_invalid_before", "desc")
            .limit(MARKS)
            .execute(),
        stores.signal,
      )
      return keysOfApi(
        stores,
        ["mark of an ended session", "marks of ended sessions"],
        users.map(({ id }) => tokenMarkKey(id)),
      )
    },
  }
  return [holds, tokenMarks]
}

/** Checks that the existing ones of `keys` are in the API's database. */
async function keysOfApi(
  { redis, signal }: Stores,
  [one, many]: readonly [one: string, many: string],
  keys: readonly string[],
): Promise<Finding> {
  const here = await countPresent(redis.api, keys, signal)
  const { api } = redis.options
  const place = `(database ${placeOf(api).database})`
  if (here > 0) return ok(`${here} ${here === 1 ? one : many} ${place}`)
  const there = await Promise.all(
    gatewaysTogether(redis.gateways, areOneDatabase)
      .filter(([gateway]) => !areOneDatabase(api, gateway.redis))
      .map(async ([gateway]) => ({ gateway, count: await countIn(gateway, keys, signal) })),
  )
  const swapped = there.find(({ count }) => count > 0)
  return swapped === undefined
    ? ok(`no ${many} now ${place}`)
    : warning(
        `no ${many}: the gateway's database${ofGateways([swapped.gateway.name])} has ${swapped.count}`,
        swap(swapped.gateway),
      )
}

/** Counts how many of `keys` a gateway's database has: none where it is out of reach, which its own checks tell. */
const countIn = ({ client }: Gateway, keys: readonly string[], signal: AbortSignal): Promise<number> =>
  countPresent(client, keys, signal).catch(error => {
    if (asDeckError(error).code !== "unavailable") throw error
    return 0
  })
