import { z } from "zod"
import { type AuditEntry, auditRow } from "./audit-entry.ts"

/** One row of the audit log as shown in a table: actor, target, change and reason. */
export const readableAuditRow = auditRow.pick({ ts: true }).extend({
  /** A login, else a name, else an id. */
  actor: z.string().nullable(),
  action: z.string(),
  /** A user as for the actor; otherwise the kind of target. */
  target: z.string().nullable(),
  target_id: z.string().nullable(),
  /** Such as `active -> suspended`, or the fields that changed. */
  change: z.string(),
  reason: z.string(),
})

/** Converts the entry for a table. */
export function readable(entry: AuditEntry): z.infer<typeof readableAuditRow> {
  const { ts, action, target_id } = entry
  return {
    ts,
    actor: entry.actor_login ?? entry.actor_username ?? entry.actor_user_id,
    action,
    target: entry.target_login ?? entry.target_username ?? entry.target_type,
    target_id,
    change: changeIn(entry),
    reason: metadata.parse(entry.metadata).reason,
  }
}

function changeIn(entry: AuditEntry): string {
  const { old_status, new_status, result } = metadata.parse(entry.metadata)
  if (new_status !== "") return [old_status, new_status].filter(status => status !== "").join(" -> ")
  if (result !== "") return result
  return Object.keys({ ...fields.parse(entry.before), ...fields.parse(entry.after) }).join(", ")
}

// The writer of the row decided on its content: unexpected values become empty.
const word = z.string().catch("")
const NOTHING_TOLD = { reason: "", old_status: "", new_status: "", result: "" }
const metadata = z.object({ reason: word, old_status: word, new_status: word, result: word }).catch(NOTHING_TOLD)
const fields = z.record(z.string(), z.unknown()).catch({})
