import { sql } from "kysely"
import { nameIn } from "../adapters/postgres/generation.ts"
import { tablesExist } from "../adapters/postgres/tables-exist.ts"
import type { Gateway } from "../adapters/redis/connections.ts"
import { activeRunsKey, apiKeyCacheKey, tokenMarkKey, workerKey } from "../adapters/redis/keys.ts"
import { readLogBack } from "../adapters/redis/read-log-back.ts"
import { someKeys } from "../adapters/redis/scan.ts"
import { asDeckError } from "../domain/errors.ts"
import { isUuid } from "../domain/uuid.ts"
import { gatewayStores } from "./gateway/gateway-store.ts"
import { ofGateways, redisSettingOf } from "./gateway-names.ts"
import type { Stores } from "./operation.ts"
import type { RedisDatabase } from "./redis-rights.ts"
import { tablesWithHiddenRows } from "./row-security.ts"

// Whether a Redis belongs to the platform of this PostgreSQL: what the one names, the other has to know. Who writes into
// another platform's Redis ends nobody's sessions, and it looks like success.

/** What is named in Redis and kept in PostgreSQL, by the name of its row. */
interface Kept {
  /** Of one: `user`. */
  readonly what: string
  readonly table: string
  readonly column: string
  readonly type: "uuid" | "text"
}

const USERS: Kept = { what: "user", table: "users", column: "id", type: "uuid" }

/** What keys of the API's database name, by what stands before the name. */
const NAMED: readonly (Kept & { readonly prefix: string; readonly isName: (text: string) => boolean })[] = [
  { ...USERS, prefix: tokenMarkKey(""), isName: isUuid },
  {
    what: "API key",
    table: "api_keys",
    column: "key_hash",
    type: "text",
    prefix: apiKeyCacheKey(""),
    isName: text => /^[0-9a-f]{64}$/.test(text),
  },
  {
    what: "worker",
    table: "worker_registrations",
    column: "worker_id",
    type: "uuid",
    prefix: workerKey(""),
    isName: isUuid,
  },
  { what: "organization", table: "orgs", column: "id", type: "uuid", prefix: activeRunsKey(""), isName: isUuid },
]

/** Names of a kind that are looked up at most. */
const MOST = 200
/** The newest requests that are looked at. */
const REQUESTS = 200

/** What a Redis names, and how much of it PostgreSQL knows. */
export interface Comparison {
  readonly known: number
  readonly unknown: number
  /** `3 users, 1 worker` */
  readonly knownText: string
  readonly unknownText: string
}

/** Compares the API's Redis with PostgreSQL. Throws DeckError. */
export async function compareApi(stores: Stores): Promise<Comparison> {
  const keys = await someKeys(stores.redis.api, "arkloop:*", stores.signal)
  const named = NAMED.map(kind => ({
    ...kind,
    names: keys
      .filter(key => key.startsWith(kind.prefix))
      .map(key => key.slice(kind.prefix.length))
      .filter(kind.isName),
  }))
  return compare(stores, named)
}

/** Compares the users of the newest requests of these gateways with PostgreSQL. Throws DeckError. */
export async function compareGateway(
  stores: Stores,
  gateways: readonly Gateway[] = stores.redis.gateways,
): Promise<Comparison> {
  const names = new Set<string>()
  let seen = 0
  for await (const entries of readLogBack(gateways, {}, stores.signal)) {
    for (const entry of entries) names.add(entry.get("user_id") ?? "")
    seen += entries.length
    if (seen >= REQUESTS) break
  }
  return compare(stores, [{ ...USERS, names: [...names].filter(isUuid) }])
}

/** The fewest strangers that speak against a Redis: one may be what is left of a row that was deleted by hand. */
const STRANGERS = 2

/** A Redis that may be another platform's. */
interface Suspect {
  /** For people: `the Redis of us`. */
  readonly name: string
  readonly setting: string
  readonly compare: () => Promise<Comparison>
}

function suspectsAmong(stores: Stores, written: RedisDatabase): Suspect[] {
  if (written === "api") return [{ name: "the API's Redis", setting: "REDIS_URL", compare: () => compareApi(stores) }]
  return gatewayStores(stores.redis).map(store => ({
    name: store.names.length === 0 ? "the gateway's Redis" : `the Redis${ofGateways(store.names)}`,
    setting: redisSettingOf(store.names),
    compare: () => compareGateway(stores, store.gateways),
  }))
}

/**
 * Says what speaks against writing to the Redis of the API or of the gateways: it names several that this PostgreSQL does not
 * know and nobody that it does. `agrees` where each knows somebody. What cannot be compared speaks against nothing.
 */
export async function redisOfAnotherPlatform(
  stores: Stores,
  written: RedisDatabase,
): Promise<{ readonly agrees: boolean; readonly says: readonly string[] }> {
  const found = await Promise.all(
    suspectsAmong(stores, written).map(async ({ name, setting, compare }) => {
      const { known, unknown, unknownText } = (await compare().catch(unlessCancelled)) ?? NOTHING_FOUND
      const isForeign = known === 0 && unknown >= STRANGERS
      const foreign = `${name} names ${unknownText}, none of which this PostgreSQL knows: it may be another platform's, check ${setting}`
      return { agrees: known > 0, says: isForeign ? [foreign] : [] }
    }),
  )
  return { agrees: found.every(({ agrees }) => agrees), says: found.flatMap(({ says }) => says) }
}

const NOTHING_FOUND = { known: 0, unknown: 0, unknownText: "" }

function unlessCancelled(error: unknown): undefined {
  if (asDeckError(error).code === "cancelled") throw error
}

/** Looks up what a Redis names, a kind at a time; kinds whose rows may be hidden, or have no table, say nothing. */
async function compare(
  stores: Stores,
  named: readonly (Kept & { readonly names: readonly string[] })[],
): Promise<Comparison> {
  const hidden = await tablesWithHiddenRows(stores)
  const generation = await stores.postgres.generation()
  const kinds = named
    .map(kind => ({ ...kind, table: nameIn(generation, kind.table), names: kind.names.slice(0, MOST) }))
    .filter(({ table, names }) => names.length > 0 && !hidden.includes(table))
  const looked = await Promise.all(
    kinds.map(async kind => {
      const known = await countKnown(stores, kind)
      return { what: kind.what, known: known ?? 0, unknown: known === undefined ? 0 : kind.names.length - known }
    }),
  )
  const sum = (of: "known" | "unknown") => looked.reduce((total, each) => total + each[of], 0)
  const listed = (of: "known" | "unknown") =>
    looked
      .filter(each => each[of] > 0)
      .map(each => `${each[of]} ${each.what}${each[of] === 1 ? "" : "s"}`)
      .join(", ")
  return { known: sum("known"), unknown: sum("unknown"), knownText: listed("known"), unknownText: listed("unknown") }
}

/** Returns how many of `names` PostgreSQL knows; undefined where it has no such table. */
const countKnown = (
  { postgres, signal }: Stores,
  { table, column, type, names }: Omit<Kept, "what"> & { readonly names: readonly string[] },
): Promise<number | undefined> =>
  postgres
    .run(async db => {
      if (!(await tablesExist(db, table))) return undefined
      const { rows } = await sql<{ known: number }>`
      select count(*)::int as known from ${sql.table(table)}
      where ${sql.ref(column)} = any(${names}::${sql.raw(type)}[])`.execute(db)
      return rows[0]?.known
    }, signal)
    .catch(error => {
      if (asDeckError(error).denied) return undefined
      throw error
    })
