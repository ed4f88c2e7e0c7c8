import type { ColumnType, Generated, JSONColumnType } from "kysely"
import { AUTOMATION_TABLES } from "./automation-tables.ts"
import { ID, NOW } from "./column-types.ts"
import { CREDIT_TABLES } from "./credit-tables.ts"
import { FLAG_TABLES } from "./flag-tables.ts"
import { QUEUE_TABLES } from "./queue-tables.ts"
import { RUN_TABLES } from "./run-tables.ts"

/** The platform's tables in the contract's names (section 3): each column as PostgreSQL declares it. */
export const TABLES = {
  users: {
    id: ID,
    username: "text not null",
    email: "text",
    email_verified_at: "timestamptz",
    status: "text not null default 'active' check (status in ('active', 'suspended', 'deleted'))",
    deleted_at: "timestamptz",
    avatar_url: "text",
    locale: "text",
    timezone: "text",
    last_login_at: "timestamptz",
    tokens_invalid_before: "timestamptz not null default 'epoch'",
    created_at: NOW,
  },
  user_credentials: {
    id: ID,
    user_id: "uuid not null unique",
    login: "text not null unique",
    password_hash: "text not null",
    created_at: NOW,
  },
  orgs: {
    id: ID,
    slug: "text not null unique",
    name: "text not null",
    owner_user_id: "uuid",
    status: "text not null default 'active' check (status in ('active', 'suspended'))",
    country: "text",
    timezone: "text",
    logo_url: "text",
    settings_json: "jsonb not null default '{}'",
    type: "text not null default 'personal' check (type in ('personal', 'workspace'))",
    deleted_at: "timestamptz",
    created_at: NOW,
  },
  org_memberships: {
    id: ID,
    org_id: "uuid not null",
    user_id: "uuid not null",
    role: "text not null default 'member'",
    role_id: "uuid",
    created_at: NOW,
  },
  rbac_roles: {
    id: ID,
    org_id: "uuid",
    name: "text not null",
    permissions: "text[] not null default '{}'",
    is_system: "boolean not null default false",
    created_at: NOW,
  },
  api_keys: {
    id: ID,
    org_id: "uuid not null",
    user_id: "uuid not null",
    name: "text not null",
    key_prefix: "text not null",
    key_hash: "text not null unique",
    scopes: "text[] not null default '{}'",
    revoked_at: "timestamptz",
    last_used_at: "timestamptz",
    created_at: NOW,
  },
  refresh_tokens: {
    id: ID,
    user_id: "uuid not null",
    token_hash: "text not null",
    expires_at: "timestamptz not null",
    revoked_at: "timestamptz",
    last_used_at: "timestamptz",
    created_at: NOW,
  },
  threads: {
    id: ID,
    org_id: "uuid not null",
    created_by_user_id: "uuid",
    title: "text",
    created_at: NOW,
    deleted_at: "timestamptz",
  },
  runs: {
    id: ID,
    org_id: "uuid not null",
    thread_id: "uuid not null",
    parent_run_id: "uuid",
    created_by_user_id: "uuid",
    status:
      "text not null default 'running' check (status in ('running', 'completed', 'failed', 'cancelled', 'cancelling', 'interrupted'))",
    next_event_seq: "bigint not null default 1",
    status_updated_at: "timestamptz",
    completed_at: "timestamptz",
    failed_at: "timestamptz",
    duration_ms: "bigint",
    total_input_tokens: "bigint",
    total_output_tokens: "bigint",
    total_cost_usd: "numeric",
    model: "text",
    persona_id: "text",
    deleted_at: "timestamptz",
    created_at: NOW,
  },
  run_events: {
    event_id: ID,
    run_id: "uuid not null",
    seq: "bigint not null",
    ts: NOW,
    type: "text not null",
    data_json: "jsonb not null default '{}'",
    tool_name: "text",
    error_class: "text",
  },
  usage_records: {
    id: ID,
    org_id: "uuid not null",
    run_id: "uuid not null",
    model: "text not null default ''",
    input_tokens: "bigint not null default 0",
    output_tokens: "bigint not null default 0",
    cost_usd: "numeric(18,8) not null default 0",
    cache_creation_tokens: "bigint not null default 0",
    cache_read_tokens: "bigint not null default 0",
    cached_tokens: "bigint not null default 0",
    usage_type: "text not null default 'llm'",
    recorded_at: NOW,
  },
  invite_codes: {
    id: ID,
    user_id: "uuid not null",
    code: "text not null unique",
    max_uses: "int not null",
    use_count: "int not null default 0",
    is_active: "boolean not null default true",
    created_at: NOW,
  },
  referrals: {
    id: ID,
    inviter_user_id: "uuid not null",
    invitee_user_id: "uuid not null unique",
    invite_code_id: "uuid not null",
    credited: "boolean not null default false",
    created_at: NOW,
  },
  redemption_codes: {
    id: ID,
    code: "text not null unique",
    type: "text not null",
    value: "text not null",
    max_uses: "int not null default 1",
    use_count: "int not null default 0",
    expires_at: "timestamptz",
    is_active: "boolean not null default true",
    batch_id: "text",
    created_by_user_id: "uuid not null",
    created_at: NOW,
  },
  redemption_records: {
    id: ID,
    code_id: "uuid not null",
    user_id: "uuid not null",
    org_id: "uuid not null",
    redeemed_at: NOW,
  },
  platform_settings: {
    key: "text not null primary key",
    value: "text not null",
    updated_at: NOW,
  },
  audit_logs: {
    id: ID,
    org_id: "uuid",
    actor_user_id: "uuid",
    action: "text not null",
    target_type: "text",
    target_id: "text",
    ts: NOW,
    trace_id: "text not null",
    metadata_json: "jsonb not null default '{}'",
    ip_address: "inet",
    user_agent: "text",
    api_key_id: "uuid",
    before_state_json: "jsonb",
    after_state_json: "jsonb",
  },
  /** Missing in some deployments: check that it exists before querying it. */
  smtp_providers: {
    id: ID,
    name: "text not null",
    from_addr: "text not null",
    smtp_host: "text not null",
    smtp_port: "int not null default 587",
    smtp_user: "text not null default ''",
    smtp_pass: "text not null default ''",
    tls_mode: "text not null default 'starttls'",
    is_default: "boolean not null default false",
    created_at: NOW,
    updated_at: NOW,
  },
  ...AUTOMATION_TABLES,
  ...QUEUE_TABLES,
  ...FLAG_TABLES,
  ...CREDIT_TABLES,
  ...RUN_TABLES,
} as const

/** The tables as kysely sees them. */
export type Tables = {
  [Table in keyof typeof TABLES]: {
    [Name in keyof (typeof TABLES)[Table]]: Column<(typeof TABLES)[Table][Name] & string>
  }
}

type Column<Declared extends string> = Declared extends `${infer Type} not null default ${infer Default}`
  ? Omissible<Value<Type, Default>>
  : Declared extends `${infer Type} not null${string}`
    ? Value<Type>
    : Value<Declared> | null

/** bigint and numeric are text, so that no digit is lost; times are RFC 3339 in UTC with microseconds (types.ts). */
type Value<Type extends string, Default extends string = ""> = Type extends "bigint" | `numeric${string}`
  ? ColumnType<string, string | number, string | number>
  : Type extends "jsonb"
    ? JSONColumnType<Record<string, unknown>>
    : Type extends "text[]"
      ? string[]
      : Type extends "int"
        ? number
        : Type extends "boolean"
          ? boolean
          : Default extends `${string} in ('${infer Values}'))`
            ? Listed<Values>
            : string

/** The values of a check constraint: `active', 'deleted` are "active" | "deleted". */
type Listed<Values extends string> = Values extends `${infer First}', '${infer Others}`
  ? First | Listed<Others>
  : Values

/** An insert may leave the column out. */
type Omissible<Type> = [Type] extends [ColumnType<infer Selected, infer Inserted, infer Updated>]
  ? ColumnType<Selected, Inserted | undefined, Updated>
  : Generated<Type>
