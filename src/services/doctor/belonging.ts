import { sql } from "kysely"
import { nameIn } from "../../adapters/postgres/generation.ts"
import { activeRunsKey, apiKeyCacheKey, tokenMarkKey, workerKey } from "../../adapters/redis/keys.ts"
import { readBack } from "../../adapters/redis/read-back.ts"
import { someKeys } from "../../adapters/redis/scan.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { asDeckError } from "../../domain/errors.ts"
import { isUuid } from "../../domain/uuid.ts"
import type { Stores } from "../operation.ts"
import { tablesWithHiddenRows } from "../row-security.ts"
import { type Check, GRANTS } from "./check.ts"
import { operatorCheck } from "./operator-check.ts"
import { apiRedis, gatewayRedis } from "./redis-checks.ts"

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

export const apiBelongs: Check = {
  area: "redis_api",
  name: "platform",
  after: [operatorCheck, apiRedis.connection],
  async look(stores) {
    try {
      const keys = await someKeys(stores.redis.api, "arkloop:*", stores.signal)
      const named = NAMED.map(kind => ({
        ...kind,
        names: keys
          .filter(key => key.startsWith(kind.prefix))
          .map(key => key.slice(kind.prefix.length))
          .filter(kind.isName),
      }))
      return await compared(stores, named, "REDIS_URL")
    } catch (error) {
      const { denied, message } = asDeckError(error)
      if (!denied) throw error
      return warning(`not compared with PostgreSQL: ${message}`, GRANTS)
    }
  },
}

export const gatewayBelongs: Check = {
  area: "redis_gateway",
  name: "platform",
  after: [operatorCheck, gatewayRedis.connection],
  async look(stores) {
    const { redis, signal } = stores
    const names = new Set<string>()
    let seen = 0
    for await (const entries of readBack(redis.gateway, redis.options.stream, {}, signal)) {
      for (const entry of entries) names.add(entry.get("user_id") ?? "")
      seen += entries.length
      if (seen >= REQUESTS) break
    }
    return compared(stores, [{ ...USERS, names: [...names].filter(isUuid) }], "GATEWAY_REDIS_URL")
  },
}

/** Looks up what a Redis names, a kind at a time; kinds whose rows may be hidden, or have no table, say nothing. */
async function compared(
  stores: Stores,
  named: readonly (Kept & { readonly names: readonly string[] })[],
  variable: string,
): Promise<Finding> {
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
  if (sum("unknown") === 0)
    return ok(sum("known") === 0 ? "nothing to compare with PostgreSQL now" : `${listed("known")} of this PostgreSQL`)
  const others =
    sum("known") === 0 ? "and none that it does: it is another platform's" : `beside ${listed("known")} that it does`
  return warning(
    `names ${listed("unknown")} that this PostgreSQL does not know, ${others}`,
    `check that DATABASE_URL and ${variable} name the same platform`,
  )
}

/** Returns how many of `names` PostgreSQL knows; undefined where it has no such table. */
const countKnown = (
  { postgres, signal }: Stores,
  { table, column, type, names }: Omit<Kept, "what"> & { readonly names: readonly string[] },
): Promise<number | undefined> =>
  postgres.run(async db => {
    const there = await sql<{ is: boolean }>`select to_regclass(${table}) is not null as is`.execute(db)
    if (!there.rows[0]?.is) return undefined
    const { rows } = await sql<{ known: number }>`
      select count(*)::int as known from ${sql.table(table)}
      where ${sql.ref(column)} = any(${names}::${sql.raw(type)}[])`.execute(db)
    return rows[0]?.known
  }, signal)
