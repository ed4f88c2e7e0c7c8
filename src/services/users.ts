import { type Kysely, type RawBuilder, sql } from "kysely"
import { z } from "zod"
import { newestFirst, toPage } from "../adapters/postgres/cursor.ts"
import { contains } from "../adapters/postgres/like.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { DeckError } from "../domain/errors.ts"
import { id, page } from "../domain/fields.ts"
import { type User, type UserDetail, user, userDetail, userFilter, userRow } from "../domain/user.ts"
import { defineOperation } from "./operation.ts"
import { idsByName, USER_NAMES } from "./user-search.ts"

/** Contract, section 2: `users list`. */
export const listUsers = defineOperation({
  words: ["users", "list"],
  summary: "the users of the platform, newest first",
  input: userFilter,
  answer: page(user),
  run: ({ postgres, signal }, filter) => postgres.run(db => userPage(db, filter), signal),
})

/** The same for the console, with what it shows beside. No command of its own. */
export const browseUsers = defineOperation({
  words: ["users", "browse"],
  summary: listUsers.summary,
  input: userFilter,
  answer: page(userRow),
  run: ({ postgres, signal }, filter) =>
    postgres.run(async db => {
      const { data, next_cursor } = await userPage(db, filter)
      const ids = data.map(row => row.id)
      const seen = await sightings(db, ids)
      const orgs = await orgsOf(db, ids)
      const rows = data.map(row => ({ ...row, ...(seen.get(row.id) ?? UNSEEN), orgs: orgs.get(row.id) ?? [] }))
      return { data: rows, next_cursor }
    }, signal),
})

/** Of a user that is gone since the page was read. */
const UNSEEN = { email_verified_at: null, last_seen_at: null }

/** Contract, section 2: `users show`. Throws DeckError `not_found` for an id that nobody has. */
export const showUser = defineOperation({
  words: ["users", "show"],
  summary: "one user, and the organizations they are in",
  input: z.object({ id: id.meta({ label: "the id of the user", positional: true }) }),
  answer: userDetail,
  async run({ postgres, signal }, { id }) {
    const found = await postgres.run(db => userDetailOf(db, id), signal)
    if (found === undefined) throw new DeckError("not_found", `there is no user with the id ${id}`)
    return found
  },
})

/** The user of `id` as `users show` answers it, read within the transaction of `db`; undefined when there is none. */
export async function userDetailOf(db: Kysely<Tables>, id: string): Promise<UserDetail | undefined> {
  const found = await selectUsers(db).select("users.email_verified_at").where("users.id", "=", id).executeTakeFirst()
  if (found === undefined) return undefined
  const orgs = (await orgsOf(db, [id])).get(id.toLowerCase()) ?? []
  return { ...found, orgs: orgs.map(({ user_id, ...org }) => org) }
}

const selectUsers = (db: Kysely<Tables>) =>
  db
    .selectFrom("users")
    .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
    .select(["users.id", "user_credentials.login", "users.username", "users.email", statusOf.as("status")])
    .select(["users.avatar_url", "users.locale", "users.timezone", "users.last_login_at", "users.created_at"])

const deletedAt = sql.ref<string | null>("users.deleted_at")
const statusColumn = sql.ref<string>("users.status")
/** A user's status: a time of deletion counts, whatever the status column says. */
export const statusOf = sql<User["status"]>`case when ${deletedAt} is null then ${statusColumn} else 'deleted' end`

/** The same as a condition on the bare columns, which indexes are for. */
function hasStatus(status: User["status"] | undefined): RawBuilder<boolean> {
  if (status === undefined) return sql`(${deletedAt} is null and ${statusColumn} <> 'deleted')`
  if (status === "deleted") return sql`(${deletedAt} is not null or ${statusColumn} = 'deleted')`
  return sql`(${deletedAt} is null and ${statusColumn} = ${status})`
}

/** A search that finds no more than these takes them all and sorts them; one that finds more meets enough of them among the newest. */
const FEW = 5000
const NEWEST_FIRST = { time: "users.created_at", id: "users.id" }

async function userPage(db: Kysely<Tables>, { q = "", status, ...request }: z.output<typeof userFilter>) {
  const users = selectUsers(db).where(hasStatus(status))
  const matching = (column: string) => contains(column, q)
  const few = q === "" ? undefined : await idsByName(db, matching, FEW)
  let rows: User[]
  if (q === "") {
    rows = await newestFirst(users, NEWEST_FIRST, request).execute()
  } else if (few !== undefined) {
    // The offset keeps PostgreSQL from walking all users, newest first, to look for these among them.
    const found = users.where("users.id", "=", anyOf(few)).offset(sql.lit(0))
    rows = await newestFirst(db.selectFrom(found.as("users")).selectAll(), NEWEST_FIRST, request).execute()
  } else {
    // That walk is right here, and PostgreSQL, which knows little of what a pattern finds, is not to sort instead.
    await sql`set local enable_sort = off`.execute(db)
    const found = users.where(eb => eb.or(USER_NAMES.map(matching)))
    rows = await newestFirst(found, NEWEST_FIRST, request).execute()
  }
  return toPage(rows, request.limit, row => ({ time: row.created_at, id: row.id }))
}

/** By user: whether the e-mail address is verified, and when they were seen last (contract, section 3). */
async function sightings(db: Kysely<Tables>, ids: readonly string[]) {
  const rows = await db
    .selectFrom("users")
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom("refresh_tokens")
          .select(sql<string>`greatest(refresh_tokens.last_used_at, refresh_tokens.created_at)`.as("used_at"))
          .whereRef("refresh_tokens.user_id", "=", "users.id")
          .orderBy("refresh_tokens.created_at", "desc")
          .limit(1)
          .as("newest"),
      join => join.onTrue(),
    )
    .select(["users.id", "users.email_verified_at"])
    .select(sql<string | null>`greatest(users.last_login_at, newest.used_at)`.as("last_seen_at"))
    .where("users.id", "=", anyOf(ids))
    .execute()
  return new Map(rows.map(({ id, ...seen }) => [id, seen]))
}

/** The organizations of each user, those first that they have been in longest. */
async function orgsOf(db: Kysely<Tables>, ids: readonly string[]) {
  const rows = await db
    .selectFrom("org_memberships")
    .innerJoin("orgs", "orgs.id", "org_memberships.org_id")
    .select(["org_memberships.user_id", "org_memberships.org_id", "orgs.name", "orgs.slug", "org_memberships.role"])
    .select("org_memberships.created_at as joined_at")
    .where("org_memberships.user_id", "=", anyOf(ids))
    .orderBy("joined_at")
    .orderBy("org_memberships.id")
    .execute()
  return Map.groupBy(rows, row => row.user_id)
}

const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`
