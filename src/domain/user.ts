import { z } from "zod"
import { cursor, id, limit, text } from "./fields.ts"

export const USER_STATUSES = ["active", "suspended", "deleted"] as const

/** A person of the platform (contract, section 2, `users list`). */
export const user = z.object({
  id,
  /** Null when the user signs in another way, or is deleted. */
  login: z.string().nullable(),
  username: z.string(),
  email: z.string().nullable(),
  /** `deleted` whenever the row has a time of deletion. */
  status: z.enum(USER_STATUSES),
  avatar_url: z.string().nullable(),
  locale: z.string().nullable(),
  timezone: z.string().nullable(),
  last_login_at: z.string().nullable(),
  created_at: z.string(),
})
export type User = z.infer<typeof user>

/** Which users to list. */
export const userFilter = z.object({
  q: text.optional().meta({ label: "part of the username, e-mail or login, in any case" }),
  status: z
    .enum(USER_STATUSES, `must be one of ${USER_STATUSES.join(", ")}`)
    .optional()
    .meta({ label: "without it, everybody not deleted" }),
  limit,
  cursor,
})
