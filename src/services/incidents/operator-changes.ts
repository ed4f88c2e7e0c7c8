import { type SqlBool, sql } from "kysely"
import type { AuditEntry } from "../../domain/audit-entry.ts"
import type { TimelinePlace } from "../../domain/incident/timeline.ts"
import { readable } from "../../domain/readable-audit.ts"
import { withPeople } from "../audit-log.ts"
import type { OperationContext } from "../operation.ts"

/** Rows that stand in the audit log, and change nothing. */
const NO_CHANGES = ["auth.login", "auth.logout", "runs.messages_read"]

/** Most changes of one page. */
export const MOST_CHANGES = 1_000

/**
 * Reads what operators changed from `since` to `until` (RFC 3339), oldest first: with opsdeck, and platform administrators
 * by other means. Of more than 1 000 the newest.
 */
export async function changesBetween(
  { postgres, signal }: OperationContext,
  since: string,
  until: string,
): Promise<TimelinePlace[]> {
  const rows = await postgres.run(db => {
    const administrators = db.selectFrom("org_memberships").select("user_id").where("role", "=", "platform_admin")
    const entries = db
      .selectFrom("audit_logs")
      .selectAll()
      .where("ts", ">=", since)
      .where("ts", "<=", until)
      .where("action", "not in", NO_CHANGES)
      .where(eb => eb.or([eb("user_agent", "like", "opsdeck/%"), eb("actor_user_id", "in", administrators)]))
      .orderBy("ts", "desc")
      .orderBy("id", "desc")
      .limit(MOST_CHANGES)
    return withPeople(db.selectFrom(entries.as("audit_logs")))
      .orderBy(sql<SqlBool>`${sql.ref("audit_logs.ts")}`)
      .execute()
  }, signal)
  return rows.map(placeOf)
}

function placeOf(entry: AuditEntry): TimelinePlace {
  const { ts, actor, action, target, target_id, change, reason } = readable(entry)
  // A user is named; what has no name is told by its id.
  const isNamed = entry.target_login !== null || entry.target_username !== null
  const what = [action, target, isNamed ? null : target_id].filter(part => part !== null).join(" ")
  const text = [what, ...(change === "" ? [] : [change])].join(": ")
  return {
    at: ts,
    what: "change",
    by: actor,
    text: reason === "" ? text : `${text} (${reason})`,
    id: entry.id,
    leads: target_id === null ? null : { to: "change", value: target_id },
  }
}
