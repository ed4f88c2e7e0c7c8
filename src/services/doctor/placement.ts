import { settingOf } from "../../adapters/gateway-words.ts"
import { countPresent } from "../../adapters/redis/databases.ts"
import { areOneDatabase } from "../../adapters/redis/endpoint.ts"
import { GATEWAY_CONFIG, settingCacheKey, tokenMarkKey } from "../../adapters/redis/keys.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { GATEWAY_FIELDS } from "../../domain/gateway.ts"
import { SETTING_OF } from "../email/email-settings.ts"
import { findLog, isSamePlace, nameOf, placeOf } from "../log-place.ts"
import type { Stores } from "../operation.ts"
import type { Check } from "./check.ts"
import { operatorCheck } from "./operator-check.ts"
import { apiRedis, gatewayRedis } from "./redis-checks.ts"

// Keys of each Redis database (contract, section 4): writing to the wrong one has no effect and looks like success.

const SETTINGS = [...GATEWAY_FIELDS.map(settingOf), ...Object.values(SETTING_OF).map(({ key }) => key)]
const CACHE_KEYS = SETTINGS.map(settingCacheKey)

const SWAP = "REDIS_URL and GATEWAY_REDIS_URL are swapped: exchange them"

export const gatewayHolds: Check = {
  area: "redis_gateway",
  name: "holds",
  after: [gatewayRedis.connection],
  async look(stores) {
    const [{ client: gateway, stream }] = stores.redis.gateways
    const holds = async (key: string) => (await countPresent(gateway, [key], stores.signal)) > 0
    if (!(await holds(stream))) return elsewhere(stores)
    const copy = (await holds(GATEWAY_CONFIG)) ? ", and the gateway's copy of its settings" : ""
    return ok(`the access log${copy} (database ${databaseOf(stores, "gateway")})`)
  },
}

/** Finds out where a missing access log is. */
async function elsewhere(stores: Stores): Promise<Finding> {
  const found = await findLog(stores)
  if (found === undefined) {
    return warning(
      "no access log in any database of this server",
      "check GATEWAY_REDIS_URL, and --stream if the log has another key; or nothing has been logged yet",
    )
  }
  const remedy = `set GATEWAY_REDIS_URL to database ${nameOf(found)}`
  if (isSamePlace(found, placeOf(stores, "api"))) {
    const swapped = (await countPresent(stores.redis.gateways[0].client, CACHE_KEYS, stores.signal)) > 0
    return warning("the access log is in the API's database", swapped ? SWAP : remedy)
  }
  const here = placeOf(stores, "gateway")
  const where = found.address === here.address ? `database ${found.database}` : nameOf(found)
  return warning(`the access log is in ${where}, not in database ${here.database}`, remedy)
}

export const apiHolds: Check = {
  area: "redis_api",
  name: "holds",
  after: [apiRedis.connection, gatewayRedis.connection],
  look: stores => keysOfApi(stores, ["cached setting", "cached settings"], CACHE_KEYS),
}

/** Number of most recently ended accesses that are looked up. */
const MARKS = 200

export const tokenMarks: Check = {
  area: "redis_api",
  name: "token marks",
  after: [operatorCheck, apiRedis.connection, gatewayRedis.connection],
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

/** Checks that the existing ones of `keys` are in the API's database. */
async function keysOfApi(
  stores: Stores,
  [one, many]: readonly [one: string, many: string],
  keys: readonly string[],
): Promise<Finding> {
  const { redis, signal } = stores
  const here = await countPresent(redis.api, keys, signal)
  const place = `(database ${databaseOf(stores, "api")})`
  if (here > 0) return ok(`${here} ${here === 1 ? one : many} ${place}`)
  const there = isOneDatabase(stores) ? 0 : await countPresent(redis.gateways[0].client, keys, signal)
  return there === 0 ? ok(`no ${many} now ${place}`) : warning(`no ${many}: the gateway's database has ${there}`, SWAP)
}

const databaseOf = (stores: Stores, of: "api" | "gateway") => placeOf(stores, of).database

const isOneDatabase = ({ redis }: Stores) => areOneDatabase(redis.options.api, redis.gateways[0].redis)
