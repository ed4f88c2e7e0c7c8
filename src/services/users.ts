import { type Kysely, sql } from "kysely"
import { z } from "zod"
import { newestFirst, toPage } from "../adapters/postgres/cursor.ts"
import { contains } from "../adapters/postgres/like.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { DeckError } from "../domain/errors.ts"
import { id, page } from "../domain/fields.ts"
import { type User, type UserDetail, user, userDetail, userFilter } from "../domain/user.ts"
import { defineOperation } from "./operation.ts"

/** Contract, section 2: `users list`. */
export const listUsers = defineOperation({
  words: ["users", "list"],
  summary: "the users of the platform, newest first",
  input: userFilter,
  answer: page(user),
  async run({ postgres, signal }, { q = "", status, ...request }) {
    const rows = await postgres.run(
      db =>
        selectUsers(db)
          .$if(q !== "", query => query.where(eb => eb.or(SEARCHED.map(column => contains(column, q)))))
          .where(status === undefined ? notDeleted : sql<boolean>`${statusOf} = ${status}`)
          .$call(query => newestFirst(query, { time: "users.created_at", id: "users.id" }, request))
          .execute(),
      signal,
    )
    return toPage(rows, request.limit, row => ({ time: row.created_at, id: row.id }))
  },
})

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
  const orgs = await db
    .selectFrom("org_memberships")
    .innerJoin("orgs", "orgs.id", "org_memberships.org_id")
    .select(["org_memberships.org_id", "orgs.name", "orgs.slug", "org_memberships.role"])
    .select("org_memberships.created_at as joined_at")
    .where("org_memberships.user_id", "=", id)
    .orderBy("joined_at")
    .orderBy("org_memberships.id")
    .execute()
  return { ...found, orgs }
}

const selectUsers = (db: Kysely<Tables>) =>
  db
    .selectFrom("users")
    .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
    .select(["users.id", "user_credentials.login", "users.username", "users.email", statusOf.as("status")])
    .select(["users.avatar_url", "users.locale", "users.timezone", "users.last_login_at", "users.created_at"])

const SEARCHED = ["users.username", "users.email", "user_credentials.login"]

const deletedAt = sql.ref<string | null>("users.deleted_at")
/** A user's status: a time of deletion counts, whatever the status column says. */
export const statusOf = sql<
  User["status"]
>`case when ${deletedAt} is null then ${sql.ref("users.status")} else 'deleted' end`
const notDeleted = sql<boolean>`${statusOf} <> 'deleted'`
