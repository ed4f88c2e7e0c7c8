import { ID, NOW } from "./column-types.ts"

/** The platform's switches (contract, section 9). Missing in some deployments. */
export const FLAG_TABLES = {
  feature_flags: {
    id: ID,
    key: "text not null unique",
    description: "text",
    default_value: "boolean not null default false",
    created_at: NOW,
  },
} as const
