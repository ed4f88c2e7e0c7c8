import { type InviteCode, type InviteCodePatch, inviteCode, inviteCodeUpdate } from "../../domain/invite-code.ts"
import { labelOf } from "../../domain/schema.ts"
import { change, difference, refuseUnseen } from "../change.ts"
import { defineChange } from "../operation.ts"
import { authorizeWithin } from "../permission.ts"
import { inviteCodeOf, withoutOwner } from "./invite-codes.ts"
import { previewOfInvite } from "./invite-previews.ts"

/** Contract, section 2: `invites update`. */
export const updateInviteCode = defineChange({
  words: ["invites", "update"],
  summary: "limit the uses of an invite code (0: no limit), switch it on or off",
  input: inviteCodeUpdate,
  answer: inviteCode,
  preview: ({ postgres, signal }, { id, ...patch }) =>
    postgres.run(async db => {
      const code = await inviteCodeOf(db, id)
      return previewOfInvite(code, changedBy(patch, code))
    }, signal),
  run: (context, { id, reason, ...patch }) =>
    change(context, async tx => {
      await tx.selectFrom("invite_codes").select("id").where("id", "=", id).forUpdate().execute()
      await authorizeWithin(tx, context.operator)
      const before = withoutOwner(await inviteCodeOf(tx, id))
      refuseUnseen(context, before, patch)
      const changed = changedBy(patch, before)
      const fields = FIELDS.filter(field => field in changed)
      if (fields.length === 0) return { answer: before, reason, audited: [] }
      await tx.updateTable("invite_codes").set(changed).where("id", "=", id).execute()
      const after = withoutOwner(await inviteCodeOf(tx, id))
      const target = { type: "invite_code", id } as const
      const audit = { action: "invite_codes.update", target, metadata: {}, ...difference(before, after, FIELDS) }
      return {
        answer: after,
        reason,
        audited: [{ audit, steps: fields.map(field => ({ what: stepOf(field, after) })) }],
      }
    }),
})

export const commands = [updateInviteCode]

const FIELDS = ["max_uses", "is_active"] as const

/** What was done to a field that is now as `code` has it. */
const stepOf = (field: (typeof FIELDS)[number], code: InviteCode): string =>
  field === "max_uses" ? labelOf(inviteCodeUpdate, field) : code.is_active ? "switched on" : "switched off"

/** The fields of `patch` that become different. */
const changedBy = (patch: InviteCodePatch, code: Required<InviteCodePatch>): InviteCodePatch =>
  Object.fromEntries(
    FIELDS.filter(field => patch[field] !== undefined && patch[field] !== code[field]).map(field => [
      field,
      patch[field],
    ]),
  )
