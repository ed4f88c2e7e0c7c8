import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from "kysely"
import { z } from "zod"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import { inOrder } from "../../adapters/postgres/cursor.ts"
import { sortedBy } from "../../adapters/postgres/order.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { id, page } from "../../domain/fields.ts"
import { readListFilter } from "../../domain/list-filter.ts"
import { seenUser, type User, type UserDetail, user, userDetail, userFilter, userRow } from "../../domain/user.ts"
import { type FilteredTable, findFilter } from "../list-filter.ts"
import { defineOperation } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { idsOfPage, rowsWith } from "../search.ts"
import { defineSorts, orderFor, pageInOrder, sortOption } from "../sort.ts"
import { hasLeftOverAccess, isDeleted } from "./left-over-access.ts"
import { searchedUsers } from "./user-search.ts"

/** What users can be sorted by. Deleted ones, which are listed when asked for, are not in every index. */
const SORTS = defineSorts(
  {
    created_at: "users_newest",
    last_login_at: "users_last_login",
    username: "users_username",
    email: "users_email_key",
    status: "users_status_newest",
    id: "users_pkey",
  },
  filter => (asksForDeleted(filter) ? [] : ["deleted_at is null"]),
)

/** Whether users who are deleted are among those asked for. */
function asksForDeleted(filter: object): boolean {
  const { conditions } = readListFilter(userFilter, filter as Readonly<Record<string, unknown>>)
  const isDeletion = (value: string) => value === "deleted" || value === "left-over"
  return conditions.some(({ field, negated, values }) => field === "status" && !negated && values.some(isDeletion))
}

const input = userFilter.extend({ sort: sortOption(SORTS) })

/** Contract, section 2: `users list`. For the console also with the last activity and the organizations. */
export const listUsers = defineOperation({
  words: ["users", "list"],
  mayLag: true,
  summary: "the users of the platform, newest first",
  caveat: hiddenRows,
  input,
  sorts: SORTS,
  answer: page(userRow),
  rows: async (db, filter) => {
    const { q, condition } = await askedUsers(db, filter)
    return rowsWith(db, searchedUsers(condition), q).select("users.id")
  },
  run: ({ postgres, signal }, filter) =>
    postgres.run(async db => {
      const { data, next_cursor } = await userPage(db, filter)
      const ids = data.map(row => row.id)
      const seen = await activityOf(db, ids)
      const orgs = await orgsOf(db, ids)
      const rows = data.map(row => ({ ...row, ...(seen.get(row.id) ?? UNSEEN), orgs: orgs.get(row.id) ?? [] }))
      return { data: rows, next_cursor }
    }, signal),
  contract: {
    answer: page(user),
    run: ({ postgres, signal }, filter) => postgres.run(db => userPage(db, filter), signal),
  },
})

/** Values for a user deleted since the page was read. */
const UNSEEN = { email_verified_at: null, last_seen_at: null }

/** Contract, section 2: `users show`. Throws DeckError `not_found`. For the console also with the last activity. */
export const showUser = defineOperation({
  words: ["users", "show"],
  summary: "one user, with their organizations",
  input: z.object({ id: id.meta({ label: "the id of the user", positional: true }) }),
  answer: seenUser,
  run: ({ postgres, signal }, { id }) =>
    postgres.run(async db => {
      const user = await completeUser(db, id)
      return { ...user, last_seen_at: (await activityOf(db, [id])).get(user.id)?.last_seen_at ?? null }
    }, signal),
  contract: {
    answer: userDetail,
    run: ({ postgres, signal }, { id }) => postgres.run(db => userDetailOf(db, id), signal),
  },
})

export const commands = [listUsers, showUser]

/** Reads the user of `id` as answered by `users show`, within the transaction of `db`. Throws DeckError "not_found". */
export async function userDetailOf(db: Kysely<Tables>, id: string): Promise<UserDetail> {
  const { orgs, ...user } = await completeUser(db, id)
  return { ...user, orgs: orgs.map(({ status, ...org }) => org) }
}

async function completeUser(db: Kysely<Tables>, id: string) {
  const found = await withLogin(db.selectFrom("users"))
    .select("users.email_verified_at")
    .where("users.id", "=", id)
    .executeTakeFirst()
  if (found === undefined) throw new DeckError("not_found", `there is no user with the id ${id}`)
  const orgs = (await orgsOf(db, [id])).get(id) ?? []
  return { ...found, orgs: orgs.map(({ user_id, ...org }) => org) }
}

const withLogin = (users: SelectQueryBuilder<Tables, "users", object>) =>
  users
    .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
    .select(["users.id", "user_credentials.login", "users.username", "users.email", statusOf("users").as("status")])
    .select(["users.avatar_url", "users.locale", "users.timezone", "users.last_login_at", "users.created_at"])

/** Status of a row: a deletion time overrides the status column. */
export const statusOf = (table: "users" | "orgs") =>
  sql<User["status"]>`case when ${sql.ref(`${table}.deleted_at`)} is null
    then ${sql.ref(`${table}.status`)} else 'deleted' end`

type Filter = z.output<typeof input>

const deletedAt = sql.ref("users.deleted_at")
const status = sql.ref("users.status")

/** Condition on the status in terms of the bare columns, which indexes support. */
function hasStatus(asked: string): RawBuilder<boolean> {
  if (asked === "deleted") return isDeleted
  if (asked === "left-over") return hasLeftOverAccess
  return sql<boolean>`(${deletedAt} is null and ${status} = ${asked})`
}

const isNotDeleted = sql<boolean>`(${deletedAt} is null and ${status} <> 'deleted')`

const FILTERED: FilteredTable = {
  input: userFilter,
  table: "users",
  time: "users.created_at",
  terms: { status: { by: hasStatus, index: "users_status_newest" } },
}

/** What is asked for; without a status, users that are not deleted. */
async function askedUsers(db: Kysely<Tables>, filter: Filter) {
  const { q, condition, asked } = await findFilter(db, FILTERED, filter)
  return { q, condition: asked.has("status") ? condition : sql<boolean>`(${condition} and ${isNotDeleted})` }
}

async function userPage(db: Kysely<Tables>, request: Filter) {
  const order = await orderFor(db, SORTS, request)
  const { q, condition } = await askedUsers(db, request)
  const found = q === "" ? undefined : await idsOfPage(db, searchedUsers(condition), q, order, request)
  const all = db.selectFrom("users").selectAll().where(condition)
  const users = inOrder(found === undefined ? all : all.where("users.id", "=", anyOf(found)), order, request)
  const rows = await sortedBy(withLogin(db.selectFrom(users.as("users"))), order).execute()
  return pageInOrder(rows, request.limit, order)
}

/** Reads, by user, whether the e-mail address is verified, and the last activity (contract, section 3). */
async function activityOf(db: Kysely<Tables>, ids: readonly string[]) {
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

/** Reads the organizations of each user, the longest membership first. */
async function orgsOf(db: Kysely<Tables>, ids: readonly string[]) {
  const rows = await db
    .selectFrom("org_memberships")
    .innerJoin("orgs", "orgs.id", "org_memberships.org_id")
    .select(["org_memberships.user_id", "org_memberships.org_id", "orgs.name", "orgs.slug", "org_memberships.role"])
    .select(statusOf("orgs").as("status"))
    .select("org_memberships.created_at as joined_at")
    .where("org_memberships.user_id", "=", anyOf(ids))
    .orderBy("joined_at")
    .orderBy("org_memberships.id")
    .execute()
  return Map.groupBy(rows, row => row.user_id)
}
