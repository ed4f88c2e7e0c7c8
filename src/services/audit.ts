import { randomUUID } from "node:crypto"
import { isIP } from "node:net"
import { type Kysely, sql, type Transaction } from "kysely"
import { rememberAuditRow } from "../adapters/postgres/commit.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { VERSION } from "../version.ts"

/** Kinds of targets in audit rows (contract, section 5). */
type AuditTarget =
  | "user"
  | "user_login"
  | "invite_code"
  | "redemption_code"
  | "redemption_code_batch"
  | "platform_setting"
  | "run"
  | "address"
  | "organization"
  | "feature_flag"
  | "account"

/** A record of the platform's audit log. Must contain no secret. */
export interface AuditRecord {
  readonly action: string
  readonly traceId: string
  /** The operator; null when unknown. */
  readonly actor: { readonly userId: string; readonly apiKeyId: string | null } | null
  readonly target: { readonly type: AuditTarget; readonly id: string }
  readonly metadata: Record<string, unknown>
  /** The organization that the change is about, where the platform writes it too: for credits. */
  readonly orgId?: string
  /** The changed fields only, before and after. */
  readonly before?: Record<string, unknown>
  readonly after?: Record<string, unknown>
}

const USER_AGENT = "opsdeck/"

/** Selects opsdeck's own rows of 30 days; their changes may still owe writes to Redis (contract, section 5). */
export const ownAudit = (db: Kysely<Tables>) =>
  db
    .selectFrom("audit_logs")
    .where("user_agent", "like", `${USER_AGENT}%`)
    .where("ts", ">", sql<string>`now() - interval '30 days'`)

/** The fields that opsdeck's own rows of `action` say it changed. */
export async function changedFields(db: Kysely<Tables>, action: string): Promise<ReadonlySet<string>> {
  const rows = await ownAudit(db)
    .select(sql<string>`jsonb_object_keys(${sql.ref("after_state_json")})`.as("field"))
    .distinct()
    .where("action", "=", action)
    .where(sql`jsonb_typeof(${sql.ref("after_state_json")})`, "=", "object")
    .execute()
  return new Set(rows.map(({ field }) => field))
}

/** Writes `record` within the transaction of its change: both are saved, or neither. */
export async function writeAudit(tx: Transaction<Tables>, record: AuditRecord): Promise<void> {
  const id = randomUUID()
  await tx
    .insertInto("audit_logs")
    .values({
      id,
      org_id: record.orgId ?? null,
      actor_user_id: record.actor?.userId ?? null,
      api_key_id: record.actor?.apiKeyId ?? null,
      action: record.action,
      target_type: record.target.type,
      target_id: record.target.id,
      trace_id: record.traceId,
      metadata_json: JSON.stringify(record.metadata),
      before_state_json: jsonOrNull(record.before),
      after_state_json: jsonOrNull(record.after),
      ip_address: operatorAddress(),
      user_agent: USER_AGENT + VERSION,
    })
    .execute()
  rememberAuditRow(tx, id)
}

const jsonOrNull = (state: Record<string, unknown> | undefined) => (state === undefined ? null : JSON.stringify(state))

/** Source address of the operator's SSH session: the first word of SSH_CONNECTION, when that is an address. */
function operatorAddress(): string | null {
  // An IPv6 link-local address carries a zone ("fe80::1%eth0") that `inet` does not know.
  const address = process.env.SSH_CONNECTION?.split(" ")[0]?.replace(/%.*$/, "") ?? ""
  return isIP(address) === 0 ? null : address
}
