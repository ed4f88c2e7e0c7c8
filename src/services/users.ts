import { sql } from "kysely"
import { newestFirst, toPage } from "../adapters/postgres/cursor.ts"
import { contains } from "../adapters/postgres/like.ts"
import { page } from "../domain/fields.ts"
import { type User, user, userFilter } from "../domain/user.ts"
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
        db
          .selectFrom("users")
          .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
          .select(["users.id", "user_credentials.login", "users.username", "users.email", statusOf.as("status")])
          .select(["users.avatar_url", "users.locale", "users.timezone", "users.last_login_at", "users.created_at"])
          .$if(q !== "", query => query.where(eb => eb.or(SEARCHED.map(column => contains(column, q)))))
          .where(status === undefined ? notDeleted : sql<boolean>`${statusOf} = ${status}`)
          .$call(query => newestFirst(query, { time: "users.created_at", id: "users.id" }, request))
          .execute(),
      signal,
    )
    return toPage(rows, request.limit, row => ({ time: row.created_at, id: row.id }))
  },
})

const SEARCHED = ["users.username", "users.email", "user_credentials.login"]

/** A time of deletion counts, whatever the status column says. */
const deletedAt = sql.ref<string | null>("users.deleted_at")
const statusOf = sql<User["status"]>`case when ${deletedAt} is null then ${sql.ref("users.status")} else 'deleted' end`
const notDeleted = sql<boolean>`${statusOf} <> 'deleted'`
