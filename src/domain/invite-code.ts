import { z } from "zod"
import { cursor, id, limit, reason, text, wholeNumber } from "./fields.ts"
import { filterText, since } from "./list-terms.ts"
import { account } from "./referral.ts"
import { USER_STATUSES } from "./user.ts"

/** An invite code without its owner. */
export const ownInviteCode = z.object({
  id,
  code: z.string(),
  /** 0: no limit. */
  max_uses: z.number(),
  use_count: z.number(),
  is_active: z.boolean(),
  created_at: z.string(),
})
export type OwnInviteCode = z.infer<typeof ownInviteCode>

/** An invite code (contract, section 2, `invites list`). */
export const inviteCode = z.object({
  id,
  user_id: id,
  ...ownInviteCode.omit({ id: true }).shape,
  user_login: z.string().nullable(),
  user_email: z.string().nullable(),
})
export type InviteCode = z.infer<typeof inviteCode>

/** An invite code for the console; without a name and a status where the owner is gone. */
export const inviteCodeRow = inviteCode.extend({
  user_name: z.string().nullable(),
  user_status: z.enum(USER_STATUSES).nullable(),
})
export type InviteCodeRow = z.infer<typeof inviteCodeRow>

/** Whether the code has reached its limit. */
export const isUsedUp = ({ max_uses, use_count }: Pick<InviteCode, "max_uses" | "use_count">): boolean =>
  max_uses > 0 && use_count >= max_uses

/** Formats the number of uses of a code. */
export function usedText({ use_count }: Pick<InviteCode, "use_count">): string {
  if (use_count === 0) return "not used yet"
  return use_count === 1 ? "used once" : `used ${use_count} times`
}

/** Filter of a list of invite codes. */
export const inviteCodeFilter = z.object({
  filter: filterText("alice since:30d"),
  q: text.optional().meta({ label: "part of the code, or of its owner's login or e-mail; case-insensitive" }),
  since,
  limit,
  cursor,
})

/** Fields that `invites update` may change; at least one is required (contract, section 2). */
const patch = z.object({
  max_uses: wholeNumber(0).optional().meta({ label: "limit of uses" }),
  is_active: z.boolean().optional().meta({ label: "active", option: "active" }),
})
export type InviteCodePatch = z.output<typeof patch>

const inviteCodeId = id.meta({ label: "the id of the invite code", positional: true })

/** The input of `invites show`. */
export const oneInviteCode = z.object({ id: inviteCodeId })

/** The input of `invites update`. */
export const inviteCodeUpdate = z
  .object({ id: inviteCodeId, ...patch.shape, reason })
  .refine(
    ({ max_uses, is_active }) => max_uses !== undefined || is_active !== undefined,
    `nothing to change: specify at least one of ${Object.keys(patch.shape).join(", ")}`,
  )

/** The account at one end of a referral, as seen from the other. */
export const referred = account.extend({
  /** Id of the referral. */
  id,
  credited: z.boolean(),
  created_at: z.string(),
})
export type Referred = z.infer<typeof referred>

/** Filter of the accounts that joined with one invite code. */
export const joinerFilter = z.object({ id: inviteCodeId, limit, cursor })
