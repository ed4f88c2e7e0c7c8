import { sql, type Transaction } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { userDetail } from "../../domain/user.ts"
import { type UserUpdate, userFields, userRemoval, userUpdate } from "../../domain/user-patch.ts"
import { type AuditedChange, change, refuseUnseen } from "../change.ts"
import { owedEffects } from "../debt.ts"
import { type ChangeContext, defineChange } from "../operation.ts"
import { cancelRunsOf } from "../runs/cancel-runs.ts"
import { type AccessAsked, accessDues, duesIn } from "./access-debts.ts"
import { refuseToStop } from "./administrators.ts"
import { pauseAutomation } from "./pause-automation.ts"
import { endAccess, revokeKeys } from "./user-access.ts"
import { type Ended, profileAudit, statusChange } from "./user-audit.ts"
import { holdingsOf } from "./user-holdings.ts"
import { deletedAlready, lockUser, lockUserToChange, planOf, type UpdatePlan, userToChange } from "./user-plan.ts"
import { previewOfDeleted, previewOfRemoval, previewOfUpdate } from "./user-previews.ts"
import { columnsOf } from "./user-profile.ts"
import { userDetailOf } from "./users.ts"

/** Contract, section 2: `users update`. */
export const updateUser = defineChange({
  words: ["users", "update"],
  writes: "api",
  summary: "edit, suspend or activate a user, revoke keys, pause automation, cancel runs",
  input: userUpdate,
  answer: userDetail,
  async preview(context, input) {
    const { postgres, operator, signal } = context
    const read = await postgres.run(async db => {
      const plan = await planOf(db, operator, await userToChange(db, input.id), input)
      const dues = plan.status === undefined ? await accessDues(context, db, input.id, askedBy(input)) : {}
      return { plan, dues, holdings: await holdingsOf(db, input.id) }
    }, signal)
    return previewOfUpdate(read.plan, read.holdings, operator, await owedEffects(duesIn(read.dues), context))
  },
  run: (context, input) =>
    change(context, async tx => {
      const user = await lockUserToChange(tx, context.operator, input.id)
      refuseUnseen(context, userFields(user), withItsAddress(context, input))
      const plan = await planOf(tx, context.operator, user, input)
      return { reason: input.reason, ...(await carryOut(context, tx, plan, askedBy(input))) }
    }),
})

const askedBy = ({ status, revoke_keys = false }: UserUpdate): AccessAsked => ({
  sessions: status === "suspended",
  keys: revoke_keys,
})

/** Verifying an address applies to the one that the operator saw, as if it were part of the input. */
const withItsAddress = ({ seen }: ChangeContext, input: UserUpdate) =>
  input.email_verified && input.email === undefined ? { ...input, email: seen.email } : input

/** Contract, section 2: `users delete`. */
export const deleteUser = defineChange({
  words: ["users", "delete"],
  writes: "api",
  summary: "delete a user permanently; their login becomes available",
  input: userRemoval,
  answer: z.null(),
  async preview(context, { id, ...ends }) {
    const { postgres, operator, signal } = context
    const read = await postgres.run(async db => {
      const user = await userDetailOf(db, id)
      if (user.status === "deleted") return { user, dues: await accessDues(context, db, id, endedBy(ends)) }
      await refuseToStop(db, operator, user)
      return { preview: previewOfRemoval(user, await holdingsOf(db, id), ends) }
    }, signal)
    if (read.preview !== undefined) return read.preview
    const effects = await owedEffects(duesIn(read.dues), context)
    if (effects.length === 0) throw deletedAlready(read.user)
    return previewOfDeleted(read.user, effects)
  },
  run: (context, { id, revoke_keys = false, pause_automation = false, cancel_runs = false, reason }) =>
    change(context, async tx => {
      await lockUser(tx, context.operator, id)
      const user = await userDetailOf(tx, id)
      const asked = endedBy({ revoke_keys })
      if (user.status === "deleted") {
        const owing = duesIn(await accessDues(context, tx, id, asked))
        return { answer: null, reason, audited: [], owing, refusal: deletedAlready(user) }
      }
      await refuseToStop(tx, context.operator, user)
      const ended = await endAccess(tx, id)
      const keys = revoke_keys ? await revokeKeys(tx, id) : undefined
      const paused = pause_automation ? await pauseAutomation(tx, id) : undefined
      const deleted = { status: "deleted", deleted_at: sql<string>`now()` } as const
      await tx.updateTable("users").set(deleted).where("id", "=", id).execute()
      await tx.deleteFrom("user_credentials").where("user_id", "=", id).execute()
      const steps = [{ what: "status" }, ...(user.login === null ? [] : [{ what: `login ${user.login} free` }])]
      const after = await userDetailOf(tx, id)
      const dues = await accessDues(context, tx, id, asked)
      const saved = statusChange(user, after, { keys, ended, paused, dues }, steps)
      const cancelled = cancel_runs ? await cancelRunsOf(tx, id, context) : []
      return { answer: null, reason, audited: [saved, ...cancelled], owing: duesIn(dues) }
    }),
})

/** A deletion ends the sessions, too. */
const endedBy = ({ revoke_keys = false }: Pick<UserUpdate, "revoke_keys">): AccessAsked => ({
  sessions: true,
  keys: revoke_keys,
})

export const commands = [updateUser, deleteUser]

async function carryOut(context: ChangeContext, tx: Transaction<Tables>, plan: UpdatePlan, asked: AccessAsked) {
  const { user, status, profile, revokesKeys, pausesAutomation, cancelsRuns } = plan
  const { id } = user
  const ended = status === "suspended" ? await endAccess(tx, id) : undefined
  const keys = revokesKeys ? await revokeKeys(tx, id) : undefined
  const paused = pausesAutomation ? await pauseAutomation(tx, id) : undefined
  const dues = await accessDues(context, tx, id, asked)
  const columns = { ...(status && { status }), ...columnsOf(profile) }
  if (Object.keys(columns).length > 0) await tx.updateTable("users").set(columns).where("id", "=", id).execute()
  const answer = await userDetailOf(tx, id)
  const audited: AuditedChange[] = []
  const all = { keys, ended, paused, dues }
  if (status) audited.push(statusChange(user, answer, all, [{ what: "status" }]))
  const besides = status ? NOTHING_ENDED : all
  if (Object.keys(profile).length > 0 || besides.keys || besides.paused) {
    audited.push(profileAudit(user, answer, profile, besides))
  }
  if (cancelsRuns) audited.push(...(await cancelRunsOf(tx, id, context)))
  return { answer, audited, owing: duesIn(dues) }
}

const NOTHING_ENDED: Ended = { keys: undefined, ended: undefined, paused: undefined, dues: {} }
