import type { Kysely, RawBuilder } from "kysely"
import { contains, equalsAnyCase } from "../../adapters/postgres/like.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Searched } from "../search.ts"

/** Names that a user can be found by. */
const NAMES = ["users.username", "users.email", "user_credentials.login"] as const
type Name = (typeof NAMES)[number]

/** The search of users for `idsOfPage`, with a condition on the status. */
export const searchedUsers = (status: RawBuilder<boolean>): Searched<"users" | "user_credentials"> => ({
  names: NAMES,
  rows: users,
  condition: status,
})

/** Maximum number of users matching a part of a name; a filter for more would be of no use. */
const NAMESAKES = 1000

/** Returns the ids of the users with `term` as login, user name or e-mail address, ignoring case. */
export const idsByName = (db: Kysely<Tables>, term: string) => idsWhere(db, name => equalsAnyCase(name, term))

/** Ids of the users with `q` in one of their names. Throws DeckError "invalid" for too many to look up elsewhere. */
export async function idsByPart(db: Kysely<Tables>, q: string): Promise<string[]> {
  const ids = await idsWhere(db, name => contains(name, q))
  if (ids.length < NAMESAKES) return ids
  throw new DeckError("invalid", `${NAMESAKES} or more users match "${q}": type more of the name`)
}

async function idsWhere(db: Kysely<Tables>, matches: (name: Name) => RawBuilder<boolean>): Promise<string[]> {
  const ids = new Set<string>()
  for (const name of NAMES) {
    const rows = await users(db).select("users.id").where(matches(name)).limit(NAMESAKES).execute()
    for (const { id } of rows) ids.add(id)
  }
  return [...ids]
}

/** PostgreSQL omits the join where the login is not used. */
const users = (db: Kysely<Tables>) =>
  db.selectFrom("users").leftJoin("user_credentials", "user_credentials.user_id", "users.id")
