import { AUTOMATION_TABLES } from "../adapters/postgres/automation-tables.ts"
import { CREDIT_TABLES } from "../adapters/postgres/credit-tables.ts"
import { FLAG_TABLES } from "../adapters/postgres/flag-tables.ts"
import { type Generation, nameIn } from "../adapters/postgres/generation.ts"
import { QUEUE_TABLES } from "../adapters/postgres/queue-tables.ts"
import { RUN_TABLES } from "../adapters/postgres/run-tables.ts"
import type { Tables } from "../adapters/postgres/tables.ts"

/** Purpose of using opsdeck: everything but changes, or everything. */
export type Purpose = "reading" | "everything"

/** Privileges on a table: on all of its columns, or on those named. */
type Rights = Partial<Record<"select" | "insert" | "update" | "delete", true | readonly string[]>>

type Needs = {
  readonly [Table in keyof Tables]?: Rights & Partial<Record<"update", readonly (keyof Tables[Table])[] | true>>
}

/** Signing in is audited and records the use of a key, so reading needs some writes as well (contract, section 1). */
const READING = {
  users: { select: true },
  user_credentials: { select: true },
  orgs: { select: true },
  org_memberships: { select: true },
  api_keys: { select: true, update: ["last_used_at"] },
  refresh_tokens: { select: ["user_id", "created_at", "expires_at", "last_used_at", "revoked_at"] },
  runs: { select: true },
  run_events: { select: true },
  usage_records: { select: true },
  invite_codes: { select: true },
  referrals: { select: true },
  redemption_codes: { select: true },
  redemption_records: { select: true },
  platform_settings: { select: true },
  audit_logs: { select: true, insert: true },
  smtp_providers: { select: true },
  scheduled_jobs: { select: ["id", "org_id", "name", "enabled", "created_by_user_id"] },
  scheduled_triggers: { select: true },
  channels: { select: ["id", "org_id", "channel_type", "owner_user_id", "is_active"] },
  channel_identity_links: { select: ["id", "channel_id", "channel_identity_id", "heartbeat_enabled"] },
  channel_identities: { select: ["id", "heartbeat_enabled"] },
  // What a job is about is nobody's business here.
  jobs: { select: ["job_type", "status", "available_at", "leased_until", "worker_tags"] },
  worker_registrations: { select: true },
  feature_flags: { select: true },
  credits: { select: true },
  credit_transactions: { select: true },
  // Beside the names there are keys.
  llm_credentials: { select: ["id", "name"] },
} as const satisfies Needs

/** Additional rights for reading what users wrote (`runs messages`), which not everybody gives. */
const MESSAGES = {
  messages: {
    select: [
      ...["id", "thread_id", "org_id", "role", "content", "created_by_user_id", "metadata_json", "hidden"],
      ...["deleted_at", "created_at"],
    ],
  },
} as const satisfies Needs

/** Additional rights for changes; a privilege given here replaces that of READING. */
const CHANGING = {
  users: {
    update: [
      "username",
      "email",
      "email_verified_at",
      "status",
      "deleted_at",
      "locale",
      "timezone",
      "tokens_invalid_before",
    ],
  },
  user_credentials: { delete: true },
  api_keys: { update: [...READING.api_keys.update, "revoked_at"] },
  refresh_tokens: { update: ["revoked_at"] },
  invite_codes: { update: ["max_uses", "is_active"] },
  runs: { update: ["status", "status_updated_at"] },
  run_events: { insert: true },
  redemption_codes: { insert: true, update: ["is_active"] },
  // The table is locked while settings are changed, which a right to some of its columns does not allow.
  platform_settings: { insert: true, update: true, delete: true },
  scheduled_jobs: { update: ["enabled", "updated_at"] },
  scheduled_triggers: { delete: true },
  channels: { update: ["is_active", "updated_at"] },
  channel_identity_links: { update: ["heartbeat_enabled", "updated_at"] },
  channel_identities: { update: ["heartbeat_enabled", "updated_at"] },
  feature_flags: { insert: true, update: ["default_value"] },
  credits: { insert: true, update: ["balance", "updated_at"] },
  credit_transactions: { insert: true },
} as const satisfies Needs

/** Numbers the events of runs on older deployments: cancelling one adds an event. */
export const EVENT_SEQUENCE = "run_events_seq_global"

/** Missing in some deployments. */
const OPTIONAL: readonly string[] = [
  "smtp_providers",
  EVENT_SEQUENCE,
  ...Object.keys({ ...AUTOMATION_TABLES, ...QUEUE_TABLES, ...FLAG_TABLES, ...CREDIT_TABLES, ...RUN_TABLES }),
]

/** Returns the tables that every platform has, in the names of `generation`. */
export const requiredTables = (generation: Generation): string[] =>
  Object.keys(READING)
    .filter(table => !OPTIONAL.includes(table))
    .map(table => nameIn(generation, table))

/** Whether opsdeck works without `table`, and tells less. */
export const isOptional = (table: string): boolean => OPTIONAL.includes(table)

/** One privilege on a table, or on one of its columns. */
export interface Right {
  readonly table: string
  /** In capitals: `SELECT`. */
  readonly privilege: string
  readonly column: string | null
}

/** Returns all rights on tables that opsdeck needs for `purpose`, in the names of `generation`; on messages where asked for. */
export const tableRights = (purpose: Purpose, generation: Generation, withMessages = false): Right[] =>
  needsFor(purpose, withMessages).flatMap(([table, needs]) =>
    Object.entries(needs).flatMap(([privilege, columns]) =>
      (columns === true ? [null] : columns).map(column => ({
        table: nameIn(generation, table),
        privilege: privilege.toUpperCase(),
        column: column === null ? null : nameIn(generation, column),
      })),
    ),
  )

function needsFor(purpose: Purpose, withMessages = false): [table: string, rights: Rights][] {
  const besides: Needs = purpose === "reading" ? {} : CHANGING
  const reading: Needs = withMessages ? { ...READING, ...MESSAGES } : READING
  return Object.entries(reading).map(([table, rights]) => [table, { ...rights, ...besides[table as keyof Tables] }])
}

/** Roles in the statements; any other name does as well. */
export const GRANTED_ROLES: Readonly<Record<Purpose, string>> = { reading: "opsdeck_reader", everything: "opsdeck" }

export interface GrantTarget {
  readonly database: string
  readonly schema: string
  readonly generation: Generation
  /** Existing tables and sequences; undefined where that is unknown. */
  readonly tables: ReadonlySet<string> | undefined
  /** Columns that these tables lack: `channels.owner_user_id`. */
  readonly missing?: ReadonlySet<string>
  /** Whether what users wrote may be read as well. */
  readonly withMessages?: boolean
}

/** Returns the statements that give a role the rights for `purpose`, and no others. */
export function postgresGrants(purpose: Purpose, target: GrantTarget): string[] {
  const { database, schema, generation, tables, missing, withMessages } = target
  const role = GRANTED_ROLES[purpose]
  const there = ([table]: [string, Rights]) => tables?.has(nameIn(generation, table)) ?? true
  const remark = (table: string) => (tables === undefined && isOptional(table) ? " -- where there is one" : "")
  const numbers = purpose === "everything" && (tables?.has(EVENT_SEQUENCE) ?? true)
  return [
    `CREATE ROLE ${role} LOGIN;`,
    `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${role};`,
    `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${role};`,
    ...needsFor(purpose, withMessages)
      .filter(there)
      .map(([table, rights]) => {
        const name = nameIn(generation, table)
        const named = (columns: readonly string[]) =>
          columns.map(column => nameIn(generation, column)).filter(column => !missing?.has(`${name}.${column}`))
        const told = Object.entries(rights).map(([privilege, columns]) =>
          [privilege.toUpperCase(), ...(columns === true ? [] : [`(${named(columns).join(", ")})`])].join(" "),
        )
        return `GRANT ${told.join(", ")} ON ${quoted(schema)}.${name} TO ${role};${remark(table)}`
      }),
    ...(numbers
      ? [`GRANT USAGE ON SEQUENCE ${quoted(schema)}.${EVENT_SEQUENCE} TO ${role};${remark(EVENT_SEQUENCE)}`]
      : []),
  ]
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
