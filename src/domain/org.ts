import { z } from "zod"
import { id } from "./fields.ts"

export const ORG_STATUSES = ["active", "suspended", "deleted"] as const

/** Maximum number of members in the answer. */
export const MEMBERS_SHOWN = 50

const person = z.object({ user_id: id, login: z.string().nullable(), username: z.string() })

/** An organization, for the console. */
export const orgDetail = z.object({
  org_id: id,
  name: z.string(),
  slug: z.string(),
  type: z.string(),
  /** `deleted` whenever the row has a deletion time. */
  status: z.enum(ORG_STATUSES),
  country: z.string().nullable(),
  timezone: z.string().nullable(),
  created_at: z.string(),
  owner: person.nullable(),
  member_count: z.bigint(),
  /** The first to join, at most MEMBERS_SHOWN. */
  members: z.array(person.extend({ status: z.enum(ORG_STATUSES), role: z.string(), joined_at: z.string() })),
})
export type OrgDetail = z.infer<typeof orgDetail>
