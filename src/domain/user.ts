import { z } from "zod"
import { cursor, id, limit, text } from "./fields.ts"
import { filterText, since } from "./list-terms.ts"
import { ORG_STATUSES } from "./org.ts"

export const USER_STATUSES = ["active", "suspended", "deleted"] as const

/** A user of the platform (contract, section 2, `users list`). */
export const user = z.object({
  id,
  /** Null when the user signs in another way, or is deleted. */
  login: z.string().nullable(),
  username: z.string(),
  email: z.string().nullable(),
  /** `deleted` whenever the row has a deletion time. */
  status: z.enum(USER_STATUSES),
  avatar_url: z.string().nullable(),
  locale: z.string().nullable(),
  timezone: z.string().nullable(),
  last_login_at: z.string().nullable(),
  created_at: z.string(),
})
export type User = z.infer<typeof user>

const userOrg = z.object({ org_id: id, name: z.string(), slug: z.string(), role: z.string(), joined_at: z.string() })

/** A complete user (contract, section 2, `users show`), with their organizations, longest membership first. */
export const userDetail = user.extend({
  email_verified_at: z.string().nullable(),
  orgs: z.array(userOrg),
})
export type UserDetail = z.infer<typeof userDetail>

/** The later of the last login and of the newest session's last use (contract, section 3). */
const last_seen_at = z.string().nullable()

/** A complete user, for the console. */
export const seenUser = userDetail.extend({
  last_seen_at,
  orgs: z.array(userOrg.extend({ status: z.enum(ORG_STATUSES) })),
})
export type SeenUser = z.infer<typeof seenUser>

/** A user in the console's list. */
export const userRow = user.extend({
  email_verified_at: z.string().nullable(),
  last_seen_at,
  orgs: z.array(z.object({ org_id: id, name: z.string(), role: z.string() })),
})
export type UserRow = z.infer<typeof userRow>

/** What a list of users is held to: a status, or deleted users with access left over (contract, section 9). */
const WANTED_STATUSES = [...USER_STATUSES, "left-over"] as const

/** Filter of a list of users. */
export const userFilter = z.object({
  filter: filterText("alice status:suspended since:30d"),
  q: text.optional().meta({ label: "part of the username, e-mail or login; case-insensitive" }),
  status: z
    .enum(WANTED_STATUSES, `must be one of ${WANTED_STATUSES.join(", ")}`)
    .optional()
    .meta({
      label: "default: all but deleted; left-over: deleted, with sessions, API keys or invite codes that work",
      term: "status",
      takes: { example: "suspended" },
    }),
  since,
  limit,
  cursor,
})
