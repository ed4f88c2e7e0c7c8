import { ID, NOW } from "./column-types.ts"

/**
 * The platform's tables of what starts runs by itself (contract, section 9), as far as opsdeck uses them. Deployments
 * have all of them, some or none, and not every column: ask `columnsPresent` first.
 */
export const AUTOMATION_TABLES = {
  scheduled_jobs: {
    id: ID,
    org_id: "uuid not null",
    name: "text not null",
    enabled: "boolean not null default true",
    created_by_user_id: "uuid",
    created_at: NOW,
    updated_at: NOW,
  },
  /** The next start of a job (with a `job_id`) or of a heartbeat. */
  scheduled_triggers: {
    id: ID,
    channel_id: "uuid",
    channel_identity_id: "uuid not null default '00000000-0000-0000-0000-000000000000'",
    persona_key: "text not null",
    org_id: "uuid not null",
    model: "text not null default ''",
    interval_min: "int not null default 30",
    next_fire_at: "timestamptz not null",
    trigger_kind: "text not null default 'heartbeat'",
    job_id: "uuid",
    created_at: NOW,
    updated_at: NOW,
  },
  channels: {
    id: ID,
    org_id: "uuid not null",
    channel_type: "text not null",
    owner_user_id: "uuid",
    is_active: "boolean not null default false",
    created_at: NOW,
    updated_at: NOW,
  },
  /** Who talks to a channel: holds the heartbeat of a private conversation. */
  channel_identity_links: {
    id: ID,
    channel_id: "uuid not null",
    channel_identity_id: "uuid not null",
    heartbeat_enabled: "int not null default 0",
    created_at: NOW,
    updated_at: NOW,
  },
  /** A person or group on another service: holds the heartbeat of a group, and formerly of everybody. */
  channel_identities: {
    id: ID,
    channel_type: "text not null",
    platform_subject_id: "text not null",
    heartbeat_enabled: "int not null default 0",
    created_at: NOW,
    updated_at: NOW,
  },
} as const
