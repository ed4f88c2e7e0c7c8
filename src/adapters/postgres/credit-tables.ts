import { ID, NOW } from "./column-types.ts"

/** What organizations pay for runs with, and what changed it (contract, sections 8 and 10). Missing in some deployments. */
export const CREDIT_TABLES = {
  credits: {
    id: ID,
    org_id: "uuid not null unique",
    balance: "bigint not null default 0",
    updated_at: NOW,
  },
  credit_transactions: {
    id: ID,
    org_id: "uuid not null",
    amount: "bigint not null",
    type: "text not null",
    reference_type: "text",
    reference_id: "uuid",
    note: "text",
    created_at: NOW,
  },
} as const
