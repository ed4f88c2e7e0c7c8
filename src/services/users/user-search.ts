import { type Kysely, type RawBuilder, sql } from "kysely"
import { newestFirst, type PageRequest } from "../../adapters/postgres/cursor.ts"
import { contains, equalsAnyCase } from "../../adapters/postgres/like.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"

/** What a user is found by. */
const NAMES = ["users.username", "users.email", "user_credentials.login"] as const
type Name = (typeof NAMES)[number]

/** A condition on a user's status, on the columns of a table or of what was made of it. */
export type StatusCondition = (table: string) => RawBuilder<boolean>

/**
 * The ids of the newest users who have `q` in one of their names, among them those of the page asked for. Each name is
 * looked for by itself: PostgreSQL uses no index for a condition that may be true in either of two tables.
 */
export async function idsOfPage(
  db: Kysely<Tables>,
  q: string,
  status: StatusCondition,
  request: PageRequest,
): Promise<string[]> {
  const ids = new Set<string>()
  for (const name of NAMES) {
    for (const id of (await amongFew(db, name, q, status, request)) ?? (await walked(db, name, q, status, request))) {
      ids.add(id)
    }
  }
  return [...ids]
}

/** So many matches of one name are sorted in a moment; where there are more, some are soon met among the newest. */
const FEW = 3000

/** All matches, found by the trigram index where there is one, and the newest of them; undefined when they are many. */
async function amongFew(
  db: Kysely<Tables>,
  name: Name,
  q: string,
  status: StatusCondition,
  request: PageRequest,
): Promise<string[] | undefined> {
  const rows = await db
    .with("matched", () =>
      users(db)
        .select(["users.id", "users.created_at", "users.status", "users.deleted_at"])
        .where(contains(name, q))
        .limit(FEW + 1),
    )
    .selectFrom(eb =>
      eb
        .selectFrom("matched")
        .select(({ fn }) => fn.countAll<string>().as("count"))
        .as("counted"),
    )
    .leftJoinLateral(
      eb =>
        newestFirst(
          eb.selectFrom("matched").select("matched.id").where(status("matched")),
          { time: "matched.created_at", id: "matched.id" },
          request,
        ).as("newest"),
      join => join.onTrue(),
    )
    .select(["counted.count", "newest.id"])
    .execute()
  if (Number(rows[0]?.count) > FEW) return undefined
  return rows.flatMap(({ id }) => id ?? [])
}

/** The newest matches, found by going through the users, newest first. */
async function walked(
  db: Kysely<Tables>,
  name: Name,
  q: string,
  status: StatusCondition,
  request: PageRequest,
): Promise<string[]> {
  // PostgreSQL knows little of what a pattern finds, and would find and sort them all.
  await sql`set local enable_sort = off`.execute(db)
  const matching = users(db).select("users.id").where(contains(name, q)).where(status("users"))
  const rows = await newestFirst(matching, { time: "users.created_at", id: "users.id" }, request).execute()
  return rows.map(({ id }) => id)
}

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
