import { CODE_PATTERN } from "../../domain/redemption-code.ts"

/**
 * The contract's tables (section 3) in the names it uses, for an empty database. No foreign keys: the platform's own
 * migrations define those, and opsdeck needs none. The indexes are those used by its lists and look-ups.
 */
export const SCHEMA = `
create table users (
  id uuid primary key default gen_random_uuid(),
  username text not null,
  email text,
  email_verified_at timestamptz,
  status text not null default 'active' check (status in ('active', 'suspended', 'deleted')),
  deleted_at timestamptz,
  avatar_url text,
  locale text,
  timezone text,
  last_login_at timestamptz,
  tokens_invalid_before timestamptz not null default 'epoch',
  created_at timestamptz not null default now()
);
create unique index users_email_key on users (email) where deleted_at is null;
create index users_newest on users (created_at desc, id desc);
create index users_status_newest on users (status, created_at desc, id desc) where deleted_at is null;

create table user_credentials (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null unique,
  login text not null unique,
  password_hash text not null,
  created_at timestamptz not null default now()
);

create table orgs (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null,
  owner_user_id uuid,
  status text not null default 'active' check (status in ('active', 'suspended')),
  country text,
  timezone text,
  logo_url text,
  settings_json jsonb not null default '{}',
  type text not null default 'personal' check (type in ('personal', 'workspace')),
  deleted_at timestamptz,
  created_at timestamptz not null default now()
);
create index orgs_newest on orgs (created_at desc, id desc);

create table org_memberships (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  user_id uuid not null,
  role text not null default 'member',
  role_id uuid,
  created_at timestamptz not null default now(),
  unique (org_id, user_id)
);
create index org_memberships_user on org_memberships (user_id);

create table rbac_roles (
  id uuid primary key default gen_random_uuid(),
  org_id uuid,
  name text not null,
  permissions text[] not null default '{}',
  is_system boolean not null default false,
  created_at timestamptz not null default now()
);

create table api_keys (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  user_id uuid not null,
  name text not null,
  key_prefix text not null,
  key_hash text not null unique,
  scopes text[] not null default '{}',
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_keys_user on api_keys (user_id);
create index api_keys_org on api_keys (org_id);

create table refresh_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  token_hash text not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
create index refresh_tokens_user on refresh_tokens (user_id, created_at desc);

create table threads (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  created_by_user_id uuid,
  title text,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table runs (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  thread_id uuid not null,
  parent_run_id uuid,
  created_by_user_id uuid,
  status text not null default 'running'
    check (status in ('running', 'completed', 'failed', 'cancelled', 'cancelling', 'interrupted')),
  next_event_seq bigint not null default 1,
  status_updated_at timestamptz,
  completed_at timestamptz,
  failed_at timestamptz,
  duration_ms bigint,
  total_input_tokens bigint,
  total_output_tokens bigint,
  total_cost_usd numeric,
  model text,
  persona_id text,
  deleted_at timestamptz,
  created_at timestamptz not null default now()
);
create index runs_newest on runs (created_at desc, id desc) where deleted_at is null;
create index runs_status_newest on runs (status, created_at desc, id desc) where deleted_at is null;
create index runs_user on runs (created_by_user_id, created_at desc, id desc);
create index runs_org on runs (org_id, created_at desc, id desc);

create table run_events (
  event_id uuid primary key default gen_random_uuid(),
  run_id uuid not null,
  seq bigint not null,
  ts timestamptz not null default now(),
  type text not null,
  data_json jsonb not null default '{}',
  tool_name text,
  error_class text
);
create index run_events_run on run_events (run_id, seq);

create table usage_records (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  run_id uuid not null,
  model text not null default '',
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_usd numeric(18,8) not null default 0,
  cache_creation_tokens bigint not null default 0,
  cache_read_tokens bigint not null default 0,
  cached_tokens bigint not null default 0,
  usage_type text not null default 'llm',
  recorded_at timestamptz not null default now(),
  unique (run_id, usage_type)
);
create index usage_records_newest on usage_records (recorded_at desc, id desc);

create table invite_codes (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  code text not null unique,
  max_uses int not null,
  use_count int not null default 0,
  is_active boolean not null default true,
  created_at timestamptz not null default now()
);
create index invite_codes_newest on invite_codes (created_at desc, id desc);
create index invite_codes_user on invite_codes (user_id);

create table referrals (
  id uuid primary key default gen_random_uuid(),
  inviter_user_id uuid not null,
  invitee_user_id uuid not null unique,
  invite_code_id uuid not null,
  credited boolean not null default false,
  created_at timestamptz not null default now()
);
create index referrals_newest on referrals (created_at desc, id desc);
create index referrals_inviter on referrals (inviter_user_id, created_at desc, id desc);
create index referrals_invite_code on referrals (invite_code_id, created_at desc, id desc);

create table redemption_codes (
  id uuid primary key default gen_random_uuid(),
  code text not null unique,
  type text not null,
  value text not null,
  max_uses int not null default 1,
  use_count int not null default 0,
  expires_at timestamptz,
  is_active boolean not null default true,
  batch_id text,
  created_by_user_id uuid not null,
  created_at timestamptz not null default now()
);
create index redemption_codes_newest on redemption_codes (created_at desc, id desc);
create index redemption_codes_batch on redemption_codes (batch_id, created_at desc, id desc);
create index redemption_codes_type on redemption_codes (type, created_at desc, id desc);
create index redemption_codes_worded on redemption_codes (code) where code !~ '${CODE_PATTERN}';

create table redemption_records (
  id uuid primary key default gen_random_uuid(),
  code_id uuid not null,
  user_id uuid not null,
  org_id uuid not null,
  redeemed_at timestamptz not null default now(),
  unique (code_id, user_id)
);

create table platform_settings (
  key text primary key,
  value text not null,
  updated_at timestamptz not null default now()
);

create table audit_logs (
  id uuid primary key default gen_random_uuid(),
  org_id uuid,
  actor_user_id uuid,
  action text not null,
  target_type text,
  target_id text,
  ts timestamptz not null default now(),
  trace_id text not null,
  metadata_json jsonb not null default '{}',
  ip_address inet,
  user_agent text,
  api_key_id uuid,
  before_state_json jsonb,
  after_state_json jsonb
);
create index audit_logs_newest on audit_logs (ts desc, id desc);
create index audit_logs_target on audit_logs (target_id, ts desc, id desc);
create index audit_logs_actor on audit_logs (actor_user_id, ts desc, id desc);
create index audit_logs_action on audit_logs (action, ts desc, id desc);
create index audit_logs_trace on audit_logs (trace_id);

create table smtp_providers (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  from_addr text not null,
  smtp_host text not null,
  smtp_port int not null default 587,
  smtp_user text not null default '',
  smtp_pass text not null default '',
  tls_mode text not null default 'starttls',
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
`

/** Indexes for searching parts of names. The extension is PostgreSQL's own, but not every server has it. */
export const TRIGRAM_INDEXES = `
create extension if not exists pg_trgm;
create index users_username_trigrams on users using gin (username gin_trgm_ops);
create index users_email_trigrams on users using gin (email gin_trgm_ops);
create index user_credentials_login_trigrams on user_credentials using gin (login gin_trgm_ops);
create index invite_codes_code_trigrams on invite_codes using gin (code gin_trgm_ops);
`
