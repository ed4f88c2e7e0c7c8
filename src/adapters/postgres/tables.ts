import type { ColumnType, Generated, JSONColumnType } from "kysely"

/**
 * The platform's tables in the contract's names (section 3), as kysely sees them. bigint and numeric are strings, so
 * that no digit is lost; times are RFC 3339 UTC strings with microseconds (connection.ts parses them so).
 */
export interface Tables {
  users: UsersTable
  user_credentials: UserCredentialsTable
  orgs: OrgsTable
  org_memberships: OrgMembershipsTable
  rbac_roles: RbacRolesTable
  api_keys: ApiKeysTable
  refresh_tokens: RefreshTokensTable
  threads: ThreadsTable
  runs: RunsTable
  run_events: RunEventsTable
  usage_records: UsageRecordsTable
  invite_codes: InviteCodesTable
  referrals: ReferralsTable
  redemption_codes: RedemptionCodesTable
  redemption_records: RedemptionRecordsTable
  platform_settings: PlatformSettingsTable
  audit_logs: AuditLogsTable
  smtp_providers: SmtpProvidersTable
}

type Time = string
type Id = Generated<string>
type CreatedAt = Generated<Time>
type BigInt64 = ColumnType<string, string | number, string | number>
type Json = JSONColumnType<Record<string, unknown>>
// Generated<> does not look into a ColumnType, so these two declare themselves that an insert may leave them out.
type GeneratedBigInt = ColumnType<string, string | number | undefined, string | number>
type GeneratedJson = JSONColumnType<Record<string, unknown>, string | undefined>

interface UsersTable {
  id: Id
  username: string
  email: string | null
  email_verified_at: Time | null
  status: Generated<"active" | "suspended" | "deleted">
  deleted_at: Time | null
  avatar_url: string | null
  locale: string | null
  timezone: string | null
  last_login_at: Time | null
  tokens_invalid_before: Generated<Time>
  created_at: CreatedAt
}

interface UserCredentialsTable {
  id: Id
  user_id: string
  login: string
  password_hash: string
  created_at: CreatedAt
}

interface OrgsTable {
  id: Id
  slug: string
  name: string
  owner_user_id: string | null
  status: Generated<"active" | "suspended">
  country: string | null
  timezone: string | null
  logo_url: string | null
  settings_json: GeneratedJson
  type: Generated<"personal" | "workspace">
  deleted_at: Time | null
  created_at: CreatedAt
}

interface OrgMembershipsTable {
  id: Id
  org_id: string
  user_id: string
  role: Generated<string>
  role_id: string | null
  created_at: CreatedAt
}

interface RbacRolesTable {
  id: Id
  org_id: string | null
  name: string
  permissions: Generated<string[]>
  is_system: Generated<boolean>
  created_at: CreatedAt
}

interface ApiKeysTable {
  id: Id
  org_id: string
  user_id: string
  name: string
  key_prefix: string
  key_hash: string
  scopes: Generated<string[]>
  revoked_at: Time | null
  last_used_at: Time | null
  created_at: CreatedAt
}

interface RefreshTokensTable {
  id: Id
  user_id: string
  token_hash: string
  expires_at: Time
  revoked_at: Time | null
  last_used_at: Time | null
  created_at: CreatedAt
}

interface ThreadsTable {
  id: Id
  org_id: string
  created_by_user_id: string | null
  title: string | null
  created_at: CreatedAt
  deleted_at: Time | null
}

interface RunsTable {
  id: Id
  org_id: string
  thread_id: string
  parent_run_id: string | null
  created_by_user_id: string | null
  status: Generated<"running" | "completed" | "failed" | "cancelled" | "cancelling" | "interrupted">
  next_event_seq: GeneratedBigInt
  status_updated_at: Time | null
  completed_at: Time | null
  failed_at: Time | null
  duration_ms: BigInt64 | null
  total_input_tokens: BigInt64 | null
  total_output_tokens: BigInt64 | null
  total_cost_usd: BigInt64 | null
  model: string | null
  persona_id: string | null
  deleted_at: Time | null
  created_at: CreatedAt
}

interface RunEventsTable {
  event_id: Id
  run_id: string
  seq: BigInt64
  ts: Generated<Time>
  type: string
  data_json: GeneratedJson
  tool_name: string | null
  error_class: string | null
}

interface UsageRecordsTable {
  id: Id
  org_id: string
  run_id: string
  model: Generated<string>
  input_tokens: GeneratedBigInt
  output_tokens: GeneratedBigInt
  cost_usd: GeneratedBigInt
  cache_creation_tokens: GeneratedBigInt
  cache_read_tokens: GeneratedBigInt
  cached_tokens: GeneratedBigInt
  usage_type: Generated<string>
  recorded_at: Generated<Time>
}

interface InviteCodesTable {
  id: Id
  user_id: string
  code: string
  max_uses: number
  use_count: Generated<number>
  is_active: Generated<boolean>
  created_at: CreatedAt
}

interface ReferralsTable {
  id: Id
  inviter_user_id: string
  invitee_user_id: string
  invite_code_id: string
  credited: Generated<boolean>
  created_at: CreatedAt
}

interface RedemptionCodesTable {
  id: Id
  code: string
  type: string
  value: string
  max_uses: Generated<number>
  use_count: Generated<number>
  expires_at: Time | null
  is_active: Generated<boolean>
  batch_id: string | null
  created_by_user_id: string
  created_at: CreatedAt
}

interface RedemptionRecordsTable {
  id: Id
  code_id: string
  user_id: string
  org_id: string
  redeemed_at: Generated<Time>
}

interface PlatformSettingsTable {
  key: string
  value: string
  updated_at: Generated<Time>
}

interface AuditLogsTable {
  id: Id
  org_id: string | null
  actor_user_id: string | null
  action: string
  target_type: string | null
  target_id: string | null
  ts: Generated<Time>
  trace_id: string
  metadata_json: GeneratedJson
  ip_address: string | null
  user_agent: string | null
  api_key_id: string | null
  before_state_json: Json | null
  after_state_json: Json | null
}

/** Missing in some deployments: check that it exists before querying it. */
interface SmtpProvidersTable {
  id: Id
  name: string
  from_addr: string
  smtp_host: string
  smtp_port: Generated<number>
  smtp_user: Generated<string>
  smtp_pass: Generated<string>
  tls_mode: Generated<string>
  is_default: Generated<boolean>
  created_at: CreatedAt
  updated_at: Generated<Time>
}
