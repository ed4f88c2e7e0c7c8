import { toRows } from "../../adapters/gateway-words.ts"
import type { GatewayConfig } from "../../domain/gateway.ts"
import type { Random } from "../random.ts"
import { RISK_REJECTED } from "../traffic/risk.ts"
import type { Codes } from "./codes.ts"
import { operatorAudit } from "./operator-audit.ts"
import type { People } from "./people.ts"
import { DAY_MS, later, timestamp } from "./time.ts"

/** The platform's settings as stored in its database (contract, sections 3 and 4), with a mail server on this host. */
export const settingsWith = (mail: { port: number; user: string; pass: string }): Readonly<Record<string, string>> => ({
  "email.from": "no-reply@platform.example",
  "email.smtp_host": "127.0.0.1",
  "email.smtp_port": String(mail.port),
  "email.smtp_user": mail.user,
  "email.smtp_pass": mail.pass,
  "email.smtp_tls_mode": "none",
  ...toRows(GATEWAY),
})

/** The gateway's settings, for the database and for the gateway's copy of them in Redis. */
export const GATEWAY: GatewayConfig = {
  ip_mode: "proxy",
  trusted_cidrs: ["10.0.0.0/8", "2001:db8::/32"],
  risk_reject_threshold: RISK_REJECTED / 100,
  rate_limit_capacity: 120,
  rate_limit_per_minute: 600,
}

/** Creates the audit log of the last two weeks, oldest first. */
export function createAudit(people: People, codes: Codes, random: Random, now: number) {
  const suspended = people.users.filter(({ status }) => status === "suspended")
  const entry = (
    action: string,
    target_type: string,
    target_id: string,
    metadata: Record<string, unknown>,
    before = {},
    after = {},
  ) => operatorAudit(people, random, { action, target: [target_type, target_id], metadata, before, after })
  const batches = Map.groupBy(codes.redemptionCodes, ({ batch_id }) => batch_id)
  const deactivated = codes.inviteCodes.filter(({ is_active }) => !is_active)
  const entries = [
    ...suspended.map(({ id }) =>
      entry(
        "users.status_changed",
        "user",
        id,
        {
          old_status: "active",
          new_status: "suspended",
          reason: random.pick(["spam", "chargeback", "asked by owner"]),
        },
        { status: "active" },
        { status: "suspended" },
      ),
    ),
    ...deactivated.map(({ id }) =>
      entry("invite_codes.update", "invite_code", id, { is_active: false }, { is_active: true }, { is_active: false }),
    ),
    ...[...batches].map(([batch, rows]) =>
      entry("redemption_codes.batch_create", "redemption_code_batch", batch, {
        count: rows.length,
        type: rows[0]?.type,
        batch_id: batch,
      }),
    ),
    entry(
      "gateway.config_update",
      "platform_setting",
      "gateway",
      {},
      { risk_reject_threshold: 0 },
      { risk_reject_threshold: GATEWAY.risk_reject_threshold },
    ),
    entry(
      "email.config_update",
      "platform_setting",
      "email",
      {},
      { "email.smtp_pass": "***" },
      { "email.smtp_pass": "***" },
    ),
    ...Array.from({ length: 30 }, () =>
      entry("auth.login", "user", people.operator.id, { result: "succeeded", method: "api_key" }),
    ),
  ]
  const times = entries.map(() => now - random.next() * 14 * DAY_MS).sort((a, b) => a - b)
  const created = new Map(people.users.map(({ id, created_at }) => [id, created_at]))
  return entries.map((row, i) => {
    const ts = timestamp(times[i] as number, random)
    return { ...row, ts: later(ts, created.get(row.target_id) ?? ts) }
  })
}
