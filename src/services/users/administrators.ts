import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Operator } from "../../domain/operator.ts"
import type { User } from "../../domain/user.ts"
import { authorizeWithin, isPlatformAdministrator, selectKeys, selectUsers } from "../permission.ts"

/** The platform's own user, an administrator in newer deployments. */
const SYSTEM_AGENT = "system_agent"

/** Number of the advisory lock, unlikely to be used by others: "opsdeck" in ASCII. */
const LOCK = 0x6f707364_65636bn

type Person = Pick<User, "id" | "login" | "username">

/**
 * Refuses what is never allowed (contract, section 5): to suspend, delete or end the access of oneself, `system_agent`,
 * or the last active platform administrator. For an administrator it takes a lock until the end of the transaction of `db`, so that
 * of two who stop each other one is refused: DeckError "forbidden", no longer being one. Otherwise throws DeckError
 * "conflict".
 */
export async function refuseToStop(db: Kysely<Tables>, operator: Operator, user: Person): Promise<void> {
  const name = user.login ?? user.username
  if (user.id === operator.userId)
    throw rule("you cannot suspend or delete yourself, or end your own access: ask another administrator")
  if (user.username === SYSTEM_AGENT)
    throw rule(`${SYSTEM_AGENT} is the platform's own user: it cannot be suspended or deleted, and keeps its access`)
  if (!(await mayAdminister(db, user.id))) return
  await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(db)
  await authorizeWithin(db, operator)
  const all = await administrators(db)
  if (all.has(user.id) && all.size === 1) {
    throw rule(`${name} is the last active platform administrator: appoint another one first`)
  }
}

/** Refuses to rename `system_agent` or to give its name away, since rules depend on it. Throws DeckError "conflict". */
export function refuseToRename(user: Pick<User, "username">, username: string): void {
  if (![user.username, username].includes(SYSTEM_AGENT)) return
  throw new DeckError("conflict", `${SYSTEM_AGENT} is the name of the platform's own user`, { field: "username" })
}

const rule = (message: string) => new DeckError("conflict", message)

async function mayAdminister(db: Kysely<Tables>, userId: string): Promise<boolean> {
  const roles = await memberships(db).where("user_id", "=", userId).execute()
  return roles.length > 0
}

/** Users who can sign in to opsdeck by login or API key (contract, section 1), except `system_agent`. */
async function administrators(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  const byLogin = await selectUsers(db)
    .where("user_credentials.login", "is not", null)
    .where("users.id", "in", memberships(db))
    .execute()
  const byKey = await selectKeys(db).where("users.id", "in", memberships(db)).execute()
  const able = [...byLogin, ...byKey].filter(isPlatformAdministrator)
  return new Set(able.filter(({ username }) => username !== SYSTEM_AGENT).map(({ userId }) => userId))
}

const memberships = (db: Kysely<Tables>) =>
  db.selectFrom("org_memberships").select("user_id").where("role", "=", "platform_admin")
