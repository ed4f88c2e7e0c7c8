import { type Generation, nameIn } from "../adapters/postgres/generation.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { GATEWAY_CONFIG, settingCacheKey, tokenMarkKey } from "../adapters/redis/keys.ts"

/** What opsdeck is used for: everything but changes, or everything. */
export type Purpose = "reading" | "everything"

/** What is done with a table: with all of its columns, or with those named. */
type Rights = Partial<Record<"select" | "insert" | "update" | "delete", true | readonly string[]>>

type Needs = {
  readonly [Table in keyof Tables]?: Rights & Partial<Record<"update", readonly (keyof Tables[Table])[] | true>>
}

/** Signing in is audited and remembers when a key was used, for whoever only reads as well (contract, section 1). */
const READING = {
  users: { select: true },
  user_credentials: { select: true },
  orgs: { select: true },
  org_memberships: { select: true },
  api_keys: { select: true, update: ["last_used_at"] },
  refresh_tokens: { select: ["user_id", "created_at", "last_used_at", "revoked_at"] },
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
} as const satisfies Needs

/** What changes take besides; what stands here of a privilege is all of it. */
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
  redemption_codes: { insert: true, update: ["is_active"] },
  // The table is locked while settings are changed, which a right to some of its columns does not allow.
  platform_settings: { insert: true, update: true },
} as const satisfies Needs

/** Not in every deployment. */
const OPTIONAL: readonly string[] = ["smtp_providers"]

/** The tables that every platform has, in the names of `generation`. */
export const requiredTables = (generation: Generation): string[] =>
  Object.keys(READING)
    .filter(table => !OPTIONAL.includes(table))
    .map(table => nameIn(generation, table))

/** One right to a table, or to one of its columns. */
export interface Right {
  readonly table: string
  /** In capitals: `SELECT`. */
  readonly privilege: string
  readonly column: string | null
}

/** Every right to tables that opsdeck needs for `purpose`, in the names of `generation`. */
export const tableRights = (purpose: Purpose, generation: Generation): Right[] =>
  needsFor(purpose).flatMap(([table, needs]) =>
    Object.entries(needs).flatMap(([privilege, columns]) =>
      (columns === true ? [null] : columns).map(column => ({
        table: nameIn(generation, table),
        privilege: privilege.toUpperCase(),
        column,
      })),
    ),
  )

function needsFor(purpose: Purpose): [table: string, rights: Rights][] {
  const besides: Needs = purpose === "reading" ? {} : CHANGING
  return Object.entries(READING).map(([table, rights]) => [table, { ...rights, ...besides[table as keyof Tables] }])
}

/** Whom the rights are granted to; any other name does as well. */
const ROLES: Readonly<Record<Purpose, string>> = { reading: "opsdeck_reader", everything: "opsdeck" }

export interface GrantTarget {
  readonly database: string
  readonly schema: string
  readonly generation: Generation
  /** Which of the tables are there; undefined where nobody looked. */
  readonly tables: ReadonlySet<string> | undefined
}

/** The statements that give a role the rights it needs for `purpose`, and no others. */
export function postgresGrants(purpose: Purpose, { database, schema, generation, tables }: GrantTarget): string[] {
  const role = ROLES[purpose]
  const there = ([table]: [string, Rights]) => tables?.has(nameIn(generation, table)) ?? true
  const remark = (table: string) => (tables === undefined && OPTIONAL.includes(table) ? " -- where there is one" : "")
  return [
    `CREATE ROLE ${role} LOGIN;`,
    `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${role};`,
    `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${role};`,
    ...needsFor(purpose)
      .filter(there)
      .map(([table, rights]) => {
        const told = Object.entries(rights).map(([privilege, columns]) =>
          [privilege.toUpperCase(), ...(columns === true ? [] : [`(${columns.join(", ")})`])].join(" "),
        )
        return `GRANT ${told.join(", ")} ON ${quoted(schema)}.${nameIn(generation, table)} TO ${role};${remark(table)}`
      }),
  ]
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** What every connection says, and what looking at a server takes. */
const CONNECTING = ["select", "client|setname", "ping", "info", "time", "exists"]
const READ_COMMANDS = [...CONNECTING, "get", "mget", "multi", "exec", "xinfo|stream", "xlen", "xread", "xrevrange"]
const WRITE_COMMANDS = ["eval", "set", "del"]

/** The line that makes a user who may do what `purpose` takes, on the access log `stream`, and nothing else. */
export function redisGrant(purpose: Purpose, stream: string): string {
  const keys = [stream.replace(/[\\*?[\]]/g, "\\$&"), GATEWAY_CONFIG, settingCacheKey("*"), tokenMarkKey("*")]
  const commands = purpose === "reading" ? READ_COMMANDS : [...READ_COMMANDS, ...WRITE_COMMANDS]
  const rules = [
    "reset",
    "on",
    ">PASSWORD",
    "resetchannels",
    ...keys.map(key => `~${key}`),
    ...commands.map(command => `+${command}`),
  ]
  return `ACL SETUSER ${ROLES[purpose]} ${rules.join(" ")}`
}
