import { sql } from "kysely"
import { nameIn } from "../adapters/postgres/generation.ts"
import { tablesExist } from "../adapters/postgres/tables-exist.ts"
import { activeRunsKey, apiKeyCacheKey, tokenMarkKey, workerKey } from "../adapters/redis/keys.ts"
import { readLogBack } from "../adapters/redis/read-log-back.ts"
import { someKeys } from "../adapters/redis/scan.ts"
import { asDeckError } from "../domain/errors.ts"
import { isUuid } from "../domain/uuid.ts"
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

/** Compares the users of the newest requests with PostgreSQL. Throws DeckError. */
export async function compareGateway(stores: Stores): Promise<Comparison> {
  const { redis, signal } = stores
  const names = new Set<string>()
  let seen = 0
  for await (const entries of readLogBack(redis.gateways, {}, signal)) {
    for (const entry of entries) names.add(entry.get("user_id") ?? "")
    seen += entries.length
    if (seen >= REQUESTS) break
  }
  return compare(stores, [{ ...USERS, names: [...names].filter(isUuid) }])
}

/** The fewest strangers that speak against a Redis: one may be what is left of a row that was deleted by hand. */
const STRANGERS = 2

const COMPARISONS = {
  api: ["API", "REDIS_URL", compareApi],
  gateway: ["gateway", "GATEWAY_REDIS_URL", compareGateway],
} as const satisfies Record<RedisDatabase, unknown>

/**
 * Says what speaks against writing to a Redis: it names several that this PostgreSQL does not know and nobody that it does.
 * Undefined where nothing does, `"agrees"` where somebody is known. What cannot be compared speaks against nothing.
 */
export async function redisOfAnotherPlatform(
  stores: Stores,
  written: RedisDatabase,
): Promise<string | "agrees" | undefined> {
  const [name, variable, compareIt] = COMPARISONS[written]
  const found = await compareIt(stores).catch(error => {
    if (asDeckError(error).code === "cancelled") throw error
    return undefined
  })
  if (found === undefined) return undefined
  if (found.known > 0) return "agrees"
  if (found.unknown < STRANGERS) return undefined
  return `the ${name}'s Redis names ${found.unknownText}, none of which this PostgreSQL knows: it may be another platform's, check ${variable}`
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
