import { ID, NOW } from "./column-types.ts"

/**
 * What runs are about, and whose account at a provider they use (contract, section 8), as far as opsdeck reads it. Deployments
 * have both tables, one or none, and not every column: ask `columnsPresent` first.
 */
export const RUN_TABLES = {
  /** What users wrote and were answered. Read only where that is recorded: `services/runs/run-content`. */
  messages: {
    id: ID,
    thread_id: "uuid not null",
    org_id: "uuid not null",
    role: "text not null",
    content: "text not null",
    created_by_user_id: "uuid",
    metadata_json: "jsonb not null default '{}'",
    hidden: "boolean not null default false",
    deleted_at: "timestamptz",
    created_at: NOW,
  },
  llm_credentials: {
    id: ID,
    name: "text not null",
  },
} as const
