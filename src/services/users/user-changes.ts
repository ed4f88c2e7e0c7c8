import { sql, type Transaction } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { userDetail } from "../../domain/user.ts"
import { type UserUpdate, userFields, userRemoval, userUpdate } from "../../domain/user-patch.ts"
import { type AuditedChange, change, refuseUnseen } from "../change.ts"
import { type ChangeContext, defineChange } from "../operation.ts"
import { refuseToStop } from "./administrators.ts"
import { pauseAutomation } from "./pause-automation.ts"
import { endAccess, revokeKeys } from "./user-access.ts"
import { profileAudit, statusChange } from "./user-audit.ts"
import { holdingsOf } from "./user-holdings.ts"
import { lockUserToChange, planOf, type UpdatePlan, userToChange } from "./user-plan.ts"
import { previewOfRemoval, previewOfUpdate } from "./user-previews.ts"
import { columnsOf } from "./user-profile.ts"
import { userDetailOf } from "./users.ts"

/** Contract, section 2: `users update`. */
export const updateUser = defineChange({
  words: ["users", "update"],
  summary: "edit, suspend or activate a user, revoke keys, pause automation",
  input: userUpdate,
  answer: userDetail,
  preview: ({ postgres, operator, signal }, input) =>
    postgres.run(async db => {
      const plan = await planOf(db, operator, await userToChange(db, input.id), input)
      return previewOfUpdate(plan, await holdingsOf(db, input.id), operator)
    }, signal),
  run: (context, input) =>
    change(context, async tx => {
      const user = await lockUserToChange(tx, context.operator, input.id)
      refuseUnseen(context, userFields(user), withItsAddress(context, input))
      const plan = await planOf(tx, context.operator, user, input)
      return { reason: input.reason, ...(await carryOut(tx, plan)) }
    }),
})

/** Verifying an address applies to the one that the operator saw, as if it were part of the input. */
const withItsAddress = ({ seen }: ChangeContext, input: UserUpdate) =>
  input.email_verified && input.email === undefined ? { ...input, email: seen.email } : input

/** Contract, section 2: `users delete`. */
export const deleteUser = defineChange({
  words: ["users", "delete"],
  summary: "delete a user permanently; their login becomes available",
  input: userRemoval,
  answer: z.null(),
  preview: ({ postgres, operator, signal }, { id, ...ends }) =>
    postgres.run(async db => {
      const user = await userToChange(db, id)
      await refuseToStop(db, operator, user)
      return previewOfRemoval(user, await holdingsOf(db, id), ends)
    }, signal),
  run: (context, { id, revoke_keys = false, pause_automation = false, reason }) =>
    change(context, async tx => {
      const user = await lockUserToChange(tx, context.operator, id)
      await refuseToStop(tx, context.operator, user)
      const ended = await endAccess(tx, id)
      const keys = revoke_keys ? await revokeKeys(tx, id) : undefined
      const paused = pause_automation ? await pauseAutomation(tx, id) : undefined
      const deleted = { status: "deleted", deleted_at: sql<string>`now()` } as const
      await tx.updateTable("users").set(deleted).where("id", "=", id).execute()
      await tx.deleteFrom("user_credentials").where("user_id", "=", id).execute()
      const steps = [{ what: "status" }, ...(user.login === null ? [] : [{ what: `login ${user.login} free` }])]
      const after = await userDetailOf(tx, id)
      return { answer: null, reason, audited: [statusChange(user, after, { keys, ended, paused }, steps)] }
    }),
})

export const commands = [updateUser, deleteUser]

async function carryOut(tx: Transaction<Tables>, { user, status, profile, revokesKeys, pausesAutomation }: UpdatePlan) {
  const { id } = user
  const ended = status === "suspended" ? await endAccess(tx, id) : undefined
  const keys = revokesKeys ? await revokeKeys(tx, id) : undefined
  const paused = pausesAutomation ? await pauseAutomation(tx, id) : undefined
  const columns = { ...(status && { status }), ...columnsOf(profile) }
  if (Object.keys(columns).length > 0) await tx.updateTable("users").set(columns).where("id", "=", id).execute()
  const answer = await userDetailOf(tx, id)
  const audited: AuditedChange[] = []
  const all = { keys, ended, paused }
  if (status) audited.push(statusChange(user, answer, all, [{ what: "status" }]))
  const besides = status ? NOTHING_ENDED : all
  if (Object.keys(profile).length > 0 || besides.keys?.count || besides.paused) {
    audited.push(profileAudit(user, answer, profile, besides))
  }
  return { answer, audited }
}

const NOTHING_ENDED = { keys: undefined, ended: undefined, paused: undefined }
