import { ID, NOW } from "./column-types.ts"

/** The platform's queue and those who work on it (contract, section 9). Missing in some deployments. */
export const QUEUE_TABLES = {
  jobs: {
    id: ID,
    job_type: "text not null",
    payload_json: "jsonb not null default '{}'",
    status: "text not null default 'queued'",
    available_at: NOW,
    leased_until: "timestamptz",
    lease_token: "uuid",
    attempts: "int not null default 0",
    worker_tags: "text[] not null default '{}'",
    created_at: NOW,
    updated_at: NOW,
  },
  worker_registrations: {
    id: ID,
    worker_id: "uuid not null unique",
    hostname: "text not null",
    version: "text not null default 'unknown'",
    status: "text not null default 'active' check (status in ('active', 'draining', 'dead'))",
    capabilities: "jsonb not null default '[]'",
    current_load: "int not null default 0",
    max_concurrency: "int not null default 4",
    heartbeat_at: NOW,
    registered_at: NOW,
  },
} as const
