import { z } from "zod"
import { id } from "../../domain/fields.ts"
import { ownInviteCode, referred } from "../../domain/invite-code.ts"
import { withPerson } from "../invite-codes/joiners.ts"
import { defineOperation } from "../operation.ts"

const LISTED = 50

const ofUser = z.object({ id })

/** The invite codes of a user, active ones first. No command of its own. */
export const listUserInviteCodes = defineOperation({
  words: ["users", "invite-codes"],
  summary: "the invite codes of a user",
  input: ofUser,
  answer: z.object({ data: z.array(ownInviteCode) }),
  async run({ postgres, signal }, { id: userId }) {
    const data = await postgres.run(
      db =>
        db
          .selectFrom("invite_codes")
          .select(["id", "code", "use_count", "max_uses", "is_active", "created_at"])
          .where("user_id", "=", userId)
          .orderBy("is_active", "desc")
          .orderBy("created_at", "desc")
          .limit(LISTED)
          .execute(),
      signal,
    )
    return { data }
  },
})

/** The inviter of a user, and the users invited, newest first. No command of its own. */
export const listUserReferrals = defineOperation({
  words: ["users", "referrals"],
  summary: "a user's inviter and invitees",
  input: ofUser,
  answer: z.object({ invited_by: referred.nullable(), data: z.array(referred) }),
  run: ({ postgres, signal }, { id: userId }) =>
    postgres.run(async db => {
      const invitedBy = await withPerson(db.selectFrom("referrals"), "inviter_user_id")
        .where("invitee_user_id", "=", userId)
        .executeTakeFirst()
      const data = await withPerson(db.selectFrom("referrals"), "invitee_user_id")
        .where("inviter_user_id", "=", userId)
        .orderBy("referrals.created_at", "desc")
        .limit(LISTED)
        .execute()
      return { invited_by: invitedBy ?? null, data }
    }, signal),
})
