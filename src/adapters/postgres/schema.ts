import { CODE_PATTERN } from "../../domain/redemption-code.ts"
import { TABLES } from "./tables.ts"

/** The sequence of all events, the unique rules over several columns, and the indexes used by lists and look-ups. */
export const INDEXES = `
create sequence run_events_seq_global;
alter table org_memberships add unique (org_id, user_id);
alter table usage_records add unique (run_id, usage_type);
alter table redemption_records add unique (code_id, user_id);
create unique index users_email_key on users (email) where deleted_at is null;
create index users_newest on users (created_at desc, id desc);
create index users_status_newest on users (status, created_at desc, id desc) where deleted_at is null;
create index users_username on users (username, id);
create index users_last_login on users (last_login_at desc nulls last, id desc);
create index orgs_newest on orgs (created_at desc, id desc);
create index org_memberships_user on org_memberships (user_id);
create index api_keys_user on api_keys (user_id);
create index api_keys_org on api_keys (org_id);
create index refresh_tokens_user on refresh_tokens (user_id, created_at desc);
create index runs_newest on runs (created_at desc, id desc) where deleted_at is null;
create index runs_status_newest on runs (status, created_at desc, id desc) where deleted_at is null;
create index runs_model_newest on runs (model, created_at desc, id desc) where deleted_at is null;
create index runs_user on runs (created_by_user_id, created_at desc, id desc);
create index runs_org on runs (org_id, created_at desc, id desc);
create index runs_parent on runs (parent_run_id) where parent_run_id is not null;
create index run_events_run on run_events (run_id, seq);
create index usage_records_newest on usage_records (recorded_at desc, id desc);
create index invite_codes_newest on invite_codes (created_at desc, id desc);
create index invite_codes_user on invite_codes (user_id);
create index referrals_newest on referrals (created_at desc, id desc);
create index referrals_inviter on referrals (inviter_user_id, created_at desc, id desc);
create index referrals_invite_code on referrals (invite_code_id, created_at desc, id desc);
create index redemption_codes_newest on redemption_codes (created_at desc, id desc);
create index redemption_codes_batch on redemption_codes (batch_id, created_at desc, id desc);
create index redemption_codes_type on redemption_codes (type, created_at desc, id desc);
create index redemption_codes_worded on redemption_codes (code) where code !~ '${CODE_PATTERN}';
create index messages_thread on messages (org_id, thread_id, created_at);
create index credit_transactions_org on credit_transactions (org_id, created_at desc);
create index audit_logs_newest on audit_logs (ts desc, id desc);
create index audit_logs_target on audit_logs (target_id, ts desc, id desc);
create index audit_logs_actor on audit_logs (actor_user_id, ts desc, id desc);
create index audit_logs_action on audit_logs (action, ts desc, id desc);
create index audit_logs_trace on audit_logs (trace_id);
`

/** Indexes for searching parts of names. The extension is PostgreSQL's own, but not every server has it. */
export const TRIGRAM_INDEXES = `
create extension if not exists pg_trgm;
create index users_username_trigrams on users using gin (username gin_trgm_ops);
create index users_email_trigrams on users using gin (email gin_trgm_ops);
create index user_credentials_login_trigrams on user_credentials using gin (login gin_trgm_ops);
create index invite_codes_code_trigrams on invite_codes using gin (code gin_trgm_ops);
`

/** The tables for an empty database. Foreign keys are left to the platform's own migrations. */
export const SCHEMA = Object.entries(TABLES)
  .map(([table, columns]) => {
    const declared = Object.entries(columns).map(([name, column]) => `${name} ${column}`)
    return `create table ${table} (${declared.join(", ")});\n`
  })
  .concat(INDEXES)
  .join("")
