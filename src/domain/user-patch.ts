import { z } from "zod"
import { id, reason, text } from "./fields.ts"
import { canonicalLocale, canonicalTimeZone, localeChoices, timezoneChoices } from "./locale.ts"
import type { UserDetail } from "./user.ts"

const username = text
  .refine(value => value.trim() !== "", "must not be empty")
  .refine(value => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value), "must not contain control characters")
  .max(200, "must be at most 200 characters")

/** Field parsed by `read`, with `message` as the error; empty text is null and clears the field. */
const clearable = (read: (text: string) => string | undefined, message: string) =>
  text.nullable().transform((value, context) => {
    if (value === null || value === "") return null
    const known = read(value)
    if (known !== undefined) return known
    context.addIssue({ code: "custom", message })
    return z.NEVER
  })

const email = clearable(
  value => (value.length <= 254 && z.regexes.email.test(value) ? value : undefined),
  "must be an e-mail address, like alice@example.com",
)
const locale = clearable(canonicalLocale, "must be the BCP 47 tag of a language, like en-GB or zh-CN")
const timezone = clearable(canonicalTimeZone, "must be an IANA time zone, like Europe/London or UTC")

const userId = id.meta({ label: "the id of the user", positional: true })
const revoke_keys = z.boolean().optional().meta({ label: "revoke the user's API keys as well" })
const AUTOMATION = "pause their jobs, channels and heartbeats"
const pause_automation = z.boolean().optional().meta({ label: AUTOMATION })
const cancel_runs = z.boolean().optional().meta({ label: "cancel their running runs, with their children" })

/** Fields that `users update` may change; at least one is required (contract, section 2). */
const patch = z.object({
  status: z
    .enum(["active", "suspended"], "must be active or suspended")
    .optional()
    .meta({ label: "whether the user may sign in" }),
  username: username.optional().meta({ label: "name", placeholder: "NAME" }),
  email: email.optional().meta({ label: "e-mail", placeholder: "ADDRESS" }),
  email_verified: z.boolean().optional().meta({ label: "e-mail verified" }),
  locale: locale.optional().meta({ label: "locale", placeholder: "TAG", complete: localeChoices }),
  timezone: timezone.optional().meta({ label: "time zone", placeholder: "ZONE", complete: timezoneChoices }),
  revoke_keys,
  pause_automation,
  cancel_runs,
})
export type UserPatch = z.output<typeof patch>

const isGiven = (value: unknown) => value !== undefined

/** The input of `users update`. */
export const userUpdate = z
  .object({ id: userId, ...patch.shape, reason })
  .refine(
    ({ id: _id, reason: _reason, revoke_keys, pause_automation, cancel_runs, ...fields }) =>
      revoke_keys || pause_automation || cancel_runs || Object.values(fields).some(isGiven),
    `nothing to change: specify at least one of ${Object.keys(patch.shape).join(", ")}`,
  )
export type UserUpdate = z.output<typeof userUpdate>

/** The input of `users delete`. */
export const userRemoval = z.object({ id: userId, revoke_keys, pause_automation, cancel_runs, reason })

/** The input of `users end-access`. */
export const accessEnd = z.object({
  id: userId,
  pause_automation,
  reason,
})

/** What `users end-access` ended, counted. */
export const endedAccess = z.object({
  sessions: z.number(),
  keys: z.number(),
  invite_codes: z.number(),
  /** The sum of the three after it. */
  automation: z.number(),
  scheduled_jobs: z.number(),
  channels: z.number(),
  heartbeats: z.number(),
})

/** Returns the values of `user` that an update can change, for a form and for detecting conflicts. */
export const userFields = (
  user: Pick<UserDetail, "status" | "username" | "email" | "email_verified_at" | "locale" | "timezone">,
) => ({
  status: user.status,
  username: user.username,
  email: user.email,
  email_verified: user.email_verified_at !== null,
  locale: user.locale,
  timezone: user.timezone,
})
