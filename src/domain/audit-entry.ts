import { z } from "zod"
import { cursor, id, limit, text } from "./fields.ts"
import { filterText, person, since } from "./list-terms.ts"

/** One row of the audit log (contract, section 2, `audit list`). */
export const auditRow = z.object({
  id,
  ts: z.string(),
  action: z.string(),
  actor_user_id: id.nullable(),
  actor_login: z.string().nullable(),
  target_type: z.string().nullable(),
  /** An id or another name of the target: any text. */
  target_id: z.string().nullable(),
  trace_id: z.string(),
  /** Usually an object, but the platform may store any value. */
  metadata: z.unknown().meta({ detail: true }),
})

/** A complete row of the audit log, for the console. */
export const auditEntry = auditRow.extend({
  actor_username: z.string().nullable(),
  /** Where the target is a user. */
  target_login: z.string().nullable(),
  target_username: z.string().nullable(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  /** The changed fields only, where the writer recorded them. */
  before: z.unknown(),
  after: z.unknown(),
})
export type AuditEntry = z.infer<typeof auditEntry>

/** Number of newest rows that are searched for a reason. */
export const REASONS_READ = 10_000

/** Filter of a list of audit rows. */
export const auditFilter = z.object({
  filter: filterText("actor:alice action:users.update since:7d"),
  q: text.optional().meta({
    label: `part of a name, login or e-mail; an id, a trace; part of a reason (newest ${REASONS_READ / 1000}k rows)`,
  }),
  action: text.optional().meta({
    label: "only this action, such as users.status_changed",
    term: "action",
    takes: { example: "users.update" },
  }),
  actor_user_id: person.optional().meta({ label: "only actions of this user", term: "actor" }),
  target_id: text.optional().meta({
    label: "only actions on this target",
    placeholder: "ID",
    term: "target",
    takes: { expects: "the id of a target" },
  }),
  since,
  limit,
  cursor,
})
