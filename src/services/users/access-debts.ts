import { type Kysely, sql } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { forgetApiKeys } from "../../adapters/redis/api-key-cache.ts"
import { countPresent } from "../../adapters/redis/databases.ts"
import { apiKeyCacheKey } from "../../adapters/redis/keys.ts"
import { missingTokenMarks, raiseTokenMark, type TokenMark } from "../../adapters/redis/token-marks.ts"
import { isUuid } from "../../domain/uuid.ts"
import { ownAudit } from "../audit.ts"
import type { Debt, Due, PlannedStep } from "../debt.ts"
import type { Stores } from "../operation.ts"
import { MICROSECONDS, revokedLately } from "./user-access.ts"

/** Token marks of users whose sessions were ended. Asked for by the users' ids. */
const sessionMarks: Debt<readonly string[]> = {
  async changed(db) {
    const rows = await ownAudit(db)
      .select("target_id")
      .distinct()
      .where("target_type", "=", "user")
      .where(eb =>
        eb.or([
          eb("action", "=", "users.end_access"),
          eb("action", "=", "users.status_changed").and(newStatus, "in", ["suspended", "deleted"]),
        ]),
      )
      .execute()
    return rows.flatMap(({ target_id }) => (target_id !== null && isUuid(target_id) ? [target_id] : []))
  },
  async due(_, db, ids) {
    const people = await db
      .selectFrom("users")
      .select(["id", "username", MICROSECONDS.as("before")])
      .where("id", "=", anyOf(ids))
      .where("tokens_invalid_before", ">", TOKENS_LIVE)
      .orderBy("username")
      .execute()
    if (people.length === 0) return []
    const marks = people.map(({ id, before }) => ({ userId: id, before: BigInt(before) }))
    const names = new Map(people.map(({ id, username }) => [id, username]))
    const step = (mark: TokenMark): PlannedStep => ({
      what: `sessions of ${names.get(mark.userId)} (Redis)`,
      redis: ({ api }) => raiseTokenMark(api, mark),
    })
    const due: Due = {
      what: marks.length === 1 ? "sessions (Redis)" : `sessions of up to ${marks.length} users (Redis)`,
      redis: async ({ api }) => {
        for (const mark of marks) await raiseTokenMark(api, mark)
      },
      missing: async ({ api }, signal) => (await missingTokenMarks(api, marks, signal)).map(step),
    }
    return [due]
  },
}

/** An older token has expired. */
const TOKENS_LIVE = sql<string>`now() - interval '30 days'`

const newStatus = sql<string>`${sql.ref("metadata_json")} ->> 'new_status'`

/** The API's cache of keys revoked within its life. A revoked key has no place there, whoever revoked it. By users' ids. */
const cachedKeys: Debt<readonly string[]> = {
  async changed(db) {
    const rows = await revokedLately(db).select("user_id").distinct().execute()
    return [...new Set(rows.map(({ user_id }) => user_id))]
  },
  async due(_, db, ids) {
    const rows = await revokedLately(db)
      .innerJoin("users", "users.id", "api_keys.user_id")
      .select(["api_keys.user_id", "users.username"])
      .where("api_keys.user_id", "=", anyOf(ids))
      .orderBy("users.username")
      .execute()
    const people = [...Map.groupBy(rows, row => row.user_id).values()]
    if (people.length === 0) return []
    const hashesOf = (keys: typeof rows) => keys.map(({ key_hash }) => key_hash)
    const due: Due = {
      what: people.length === 1 ? "cached keys (Redis)" : `cached keys of up to ${people.length} users (Redis)`,
      redis: ({ api }) => forgetApiKeys(api, hashesOf(rows)),
      async missing({ api }, signal) {
        const owed: PlannedStep[] = []
        for (const keys of people) {
          const hashes = hashesOf(keys)
          if ((await countPresent(api, hashes.map(apiKeyCacheKey), signal)) === 0) continue
          const what = `cached keys of ${keys[0]?.username} (Redis)`
          owed.push({ what, redis: ({ api }) => forgetApiKeys(api, hashes) })
        }
        return owed
      },
    }
    return [due]
  },
}

/** What the end of somebody's access owes to Redis, by what is asked for. A further debt is one more entry. */
const ACCESS_DEBTS = { sessions: sessionMarks, keys: cachedKeys }

type Access = keyof typeof ACCESS_DEBTS

/** What of a user's access is asked to end. */
export type AccessAsked = Readonly<Record<Access, boolean>>

/** What Redis has to hold once it has. */
export type AccessDues = Readonly<Partial<Record<Access, readonly Due[]>>>

export const accessDebts = Object.values(ACCESS_DEBTS)

export const duesIn = (dues: AccessDues): Due[] => Object.values(dues).flat()

/** Returns what Redis has to hold once `asked` is so for the user, by the rows that `db` sees. */
export async function accessDues(
  stores: Pick<Stores, "postgres" | "redis">,
  db: Kysely<Tables>,
  userId: string,
  asked: AccessAsked,
): Promise<AccessDues> {
  const dues: Partial<Record<Access, readonly Due[]>> = {}
  for (const access of Object.keys(ACCESS_DEBTS) as Access[]) {
    if (asked[access]) dues[access] = await ACCESS_DEBTS[access].due(stores, db, [userId])
  }
  return dues
}
