import { z } from "zod"
import { cursor, id, limit, text } from "./fields.ts"

/** One row of the audit trail (contract, section 2, `audit list`): who did what to whom. */
export const auditRow = z.object({
  id,
  ts: z.string(),
  action: z.string(),
  actor_user_id: id.nullable(),
  actor_login: z.string().nullable(),
  target_type: z.string().nullable(),
  /** An id, or what the target is known by: any text. */
  target_id: z.string().nullable(),
  trace_id: z.string(),
  /** Usually an object, but the platform's to decide. */
  metadata: z.unknown().meta({ detail: true }),
})

/** The same with everything that the row holds, as the console shows it. */
export const auditEntry = auditRow.extend({
  actor_username: z.string().nullable(),
  /** Where the target is a user. */
  target_login: z.string().nullable(),
  target_username: z.string().nullable(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  /** The changed fields only, where the writer kept them. */
  before: z.unknown(),
  after: z.unknown(),
})
export type AuditEntry = z.infer<typeof auditEntry>

const filters = {
  action: text.optional().meta({ label: "only this action, such as users.status_changed" }),
  actor_user_id: id.optional().meta({ label: "only what this user did" }),
  target_id: text.optional().meta({ label: "only what was done to this", placeholder: "ID" }),
}

/** Which rows to list. */
export const auditFilter = z.object({ ...filters, limit, cursor })

/** In so many of the newest rows a reason is looked for. */
export const REASONS_READ = 10_000

/** What the console narrows the trail by. */
export const auditSearch = z.object({
  q: text.optional().meta({
    label: `part of a name, login, e-mail, or reason (newest ${REASONS_READ / 1000}k rows); an id, a trace`,
  }),
  ...filters,
  limit,
  cursor,
})
