import type { Kysely, RawBuilder } from "kysely"
import { contains, equalsAnyCase } from "../../adapters/postgres/like.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Searched } from "../search.ts"

/** What a user is found by. */
const NAMES = ["users.username", "users.email", "user_credentials.login"] as const
type Name = (typeof NAMES)[number]

/** The users as `idsOfPage` searches them, those of one status alone. */
export const searchedUsers = (status: RawBuilder<boolean>): Searched<"users" | "user_credentials"> => ({
  table: "users",
  names: NAMES,
  rows: users,
  condition: status,
})

/** So many have no name in common; a filter for more would be of no use. */
const NAMESAKES = 1000

/** The ids of the users who have `term` as login, user name or e-mail address, in any case. */
export const idsByName = (db: Kysely<Tables>, term: string) => idsWhere(db, name => equalsAnyCase(name, term))

/**
 * The ids of the users who have `q` in one of their names. Throws DeckError "invalid" where they are too many to look
 * for each of them elsewhere.
 */
export async function idsByPart(db: Kysely<Tables>, q: string): Promise<string[]> {
  const ids = await idsWhere(db, name => contains(name, q))
  if (ids.length < NAMESAKES) return ids
  throw new DeckError("invalid", `${NAMESAKES} users and more have "${q}" in their names: type more of it`)
}

async function idsWhere(db: Kysely<Tables>, matches: (name: Name) => RawBuilder<boolean>): Promise<string[]> {
  const ids = new Set<string>()
  for (const name of NAMES) {
    const rows = await users(db).select("users.id").where(matches(name)).limit(NAMESAKES).execute()
    for (const { id } of rows) ids.add(id)
  }
  return [...ids]
}

/** PostgreSQL leaves the join out where nothing asks for the login. */
const users = (db: Kysely<Tables>) =>
  db.selectFrom("users").leftJoin("user_credentials", "user_credentials.user_id", "users.id")
