import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from "kysely"
import type { z } from "zod"
import { anyOf } from "../adapters/postgres/any-of.ts"
import { inOrder, sortedNewestFirst } from "../adapters/postgres/cursor.ts"
import { contains } from "../adapters/postgres/like.ts"
import { sortedBy } from "../adapters/postgres/order.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { auditEntry, auditFilter, auditRow, REASONS_READ } from "../domain/audit-entry.ts"
import { page } from "../domain/fields.ts"
import { readable, readableAuditRow } from "../domain/readable-audit.ts"
import { isUuid } from "../domain/uuid.ts"
import { type FilteredTable, findFilter, usersNamed } from "./list-filter.ts"
import { defineOperation, type OperationContext } from "./operation.ts"
import { hiddenRows } from "./row-security.ts"
import { defineSorts, orderFor, pageInOrder, sortOption } from "./sort.ts"
import { idsByPart } from "./users/user-search.ts"

/** What audit rows can be sorted by. */
const SORTS = defineSorts({ ts: "audit_logs_newest", action: "audit_logs_action", id: "audit_logs_pkey" })

const input = auditFilter.extend({ sort: sortOption(SORTS) })

/** Contract, section 2: `audit list`. For the console with everything in the rows. */
export const listAudit = defineOperation({
  words: ["audit", "list"],
  mayLag: true,
  summary: "the audit log, newest first",
  caveat: hiddenRows,
  input,
  sorts: SORTS,
  answer: page(auditEntry),
  run: auditPage,
  rows: async (db, filter) => (await entriesOf(db, filter)).select("audit_logs.id"),
  contract: { answer: page(auditRow) },
  forPeople: {
    answer: page(readableAuditRow),
    async run(context, filter) {
      const { data, next_cursor } = await auditPage(context, filter)
      return { data: data.map(readable), next_cursor }
    },
  },
})

export const commands = [listAudit]

function auditPage({ postgres, signal }: OperationContext, request: z.output<typeof input>) {
  return postgres.run(async db => {
    const order = await orderFor(db, SORTS, request)
    const entries = inOrder((await entriesOf(db, request)).selectAll(), order, request)
    const rows = await sortedBy(withPeople(db.selectFrom(entries.as("audit_logs"))), order).execute()
    return pageInOrder(rows, request.limit, order)
  }, signal)
}

const FILTERED: FilteredTable = {
  input: auditFilter,
  table: "audit_logs",
  time: "audit_logs.ts",
  terms: {
    action: { by: "audit_logs.action", index: "audit_logs_action" },
    actor_user_id: { by: "audit_logs.actor_user_id", index: "audit_logs_actor", isFew: true, resolve: usersNamed },
    target_id: {
      by: "audit_logs.target_id",
      index: "audit_logs_target",
      isFew: true,
      resolve: async (_, id) => [asStored(id)],
    },
  },
}

async function entriesOf(db: Kysely<Tables>, filter: z.output<typeof auditFilter>) {
  const { q, condition } = await findFilter(db, FILTERED, filter)
  const mentions = q === "" ? undefined : await mentioning(db, q)
  return db
    .selectFrom("audit_logs")
    .where(condition)
    .$if(mentions !== undefined, query => query.where(mentions as NonNullable<typeof mentions>))
}

/** Joins the users named in the rows: an actor or a target may be deleted, or no user. */
export const withPeople = (entries: SelectQueryBuilder<Tables, "audit_logs", object>) =>
  entries
    .leftJoin("users as actor", "actor.id", "audit_logs.actor_user_id")
    .leftJoin("user_credentials", "user_credentials.user_id", "audit_logs.actor_user_id")
    .leftJoin("users as target", join => join.on("target.id", "=", targetUser))
    .leftJoin("user_credentials as target_credentials", join => join.on("target_credentials.user_id", "=", targetUser))
    .select(["audit_logs.id", "audit_logs.ts", "audit_logs.action", "audit_logs.actor_user_id"])
    .select(["user_credentials.login as actor_login", "audit_logs.target_type", "audit_logs.target_id"])
    .select(["audit_logs.trace_id", "audit_logs.metadata_json as metadata"])
    .select(["actor.username as actor_username"])
    .select(["target_credentials.login as target_login", "target.username as target_username"])
    .select(["audit_logs.ip_address", "audit_logs.user_agent"])
    .select(["audit_logs.before_state_json as before", "audit_logs.after_state_json as after"])

/** The target's id as PostgreSQL finds it by its index; null where it is no user's. */
const targetId = sql.ref<string>("audit_logs.target_id")
const targetUser = sql<string>`case when ${sql.ref("audit_logs.target_type")} = 'user'
  and ${targetId} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${targetId}::uuid end`

/** Condition: `q` is a row's trace or target, the id or a part of the name of actor or target, or in the reason. */
async function mentioning(db: Kysely<Tables>, q: string) {
  const isId = isUuid(q)
  const people = isId ? [asStored(q)] : await idsByPart(db, q)
  const reasoned = isId ? [] : await idsByReason(db, q)
  return ({ eb, or }: ExpressionBuilder<Tables, "audit_logs">) =>
    or([
      eb("audit_logs.trace_id", "=", q.toLowerCase()),
      eb("audit_logs.target_id", "=", sql<string>`any(${[q, ...people]}::text[])`),
      eb("audit_logs.actor_user_id", "=", anyOf(people)),
      eb("audit_logs.id", "=", anyOf(reasoned)),
    ])
}

/** Returns the newest rows whose reason contains `q`: there is no index, so only the newest rows are searched. */
async function idsByReason(db: Kysely<Tables>, q: string): Promise<string[]> {
  const newest = db.selectFrom("audit_logs").select(["id", "ts", reason.as("reason")])
  const rows = await db
    .selectFrom(sortedNewestFirst(newest, { time: "ts", id: "id" }).limit(REASONS_READ).as("newest"))
    .select("newest.id")
    .where(contains("newest.reason", q))
    .execute()
  return rows.map(({ id }) => id)
}

const reason = sql<string | null>`${sql.ref("metadata_json")} ->> 'reason'`

/** Ids are stored in lower case, in columns of text as well. */
const asStored = (id: string) => (isUuid(id) ? id.toLowerCase() : id)
