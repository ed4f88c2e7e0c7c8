import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Operator } from "../../domain/operator.ts"
import type { User } from "../../domain/user.ts"
import { authorizeWithin, isPlatformAdministrator, selectKeys, selectUsers } from "../permission.ts"

/** The platform's own user, which newer deployments make an administrator. */
const SYSTEM_AGENT = "system_agent"

/** Any number that nobody else takes for an advisory lock: "opsdeck" in ASCII. */
const LOCK = 0x6f707364_65636bn

type Person = Pick<User, "id" | "login" | "username">

/**
 * Refuses what is never possible (contract, section 5): suspending or deleting oneself, `system_agent`, or the last
 * active platform administrator. For an administrator it takes a lock until the end of the transaction of `db`, so that
 * of two who stop each other one is refused: DeckError "forbidden", being one no more. Else throws DeckError "conflict".
 */
export async function refuseToStop(db: Kysely<Tables>, operator: Operator, user: Person): Promise<void> {
  const name = user.login ?? user.username
  if (user.id === operator.userId) throw rule("this is you: suspending or deleting yourself is left to somebody else")
  if (user.username === SYSTEM_AGENT)
    throw rule(`${SYSTEM_AGENT} is the platform's own: it is never suspended or deleted`)
  if (!(await mayAdminister(db, user.id))) return
  await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(db)
  await authorizeWithin(db, operator)
  const all = await administrators(db)
  if (all.has(user.id) && all.size === 1) {
    throw rule(`${name} is the last active platform administrator: make somebody else one first`)
  }
}

/** The rules go by the name `system_agent`: it neither gets lost nor to somebody else. Throws DeckError "conflict". */
export function refuseToRename(user: Pick<User, "username">, username: string): void {
  if (![user.username, username].includes(SYSTEM_AGENT)) return
  throw new DeckError("conflict", `${SYSTEM_AGENT} is the name of the platform's own user`, { field: "username" })
}

const rule = (message: string) => new DeckError("conflict", message)

async function mayAdminister(db: Kysely<Tables>, userId: string): Promise<boolean> {
  const roles = await memberships(db).where("user_id", "=", userId).execute()
  return roles.length > 0
}

/** Those who could sign in to opsdeck (contract, section 1), by login or by API key, but for `system_agent`. */
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
