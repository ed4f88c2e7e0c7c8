import { type Kysely, sql, type Transaction } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { redemptionBatchUpdate, redemptionCode, redemptionCodeUpdate } from "../../domain/redemption-code.ts"
import { change, effectsOf, refuseUnseen } from "../change.ts"
import { defineChange, type Progress } from "../operation.ts"
import { authorizeWithin } from "../permission.ts"
import { typeEffects } from "./feature-codes.ts"
import { redemptionCodeOf, withoutState } from "./redemption-codes.ts"
import { type BatchCounts, batchCounts, codesText, countsText, previewOfCode } from "./redemption-previews.ts"

/** Contract, section 2: `codes update`. */
export const updateRedemptionCode = defineChange({
  words: ["codes", "update"],
  summary: "switch a redemption code on or off",
  input: redemptionCodeUpdate,
  answer: redemptionCode,
  preview: ({ postgres, signal }, { id, is_active }) => postgres.run(db => previewOfCode(db, id, is_active), signal),
  run: (context, { id, is_active, reason }) =>
    change(context, async tx => {
      await tx.selectFrom("redemption_codes").select("id").where("id", "=", id).forUpdate().execute()
      await authorizeWithin(tx, context.operator)
      const before = withoutState(await redemptionCodeOf(tx, id))
      refuseUnseen(context, before, { is_active })
      if (before.is_active === is_active) return { answer: before, reason, audited: [] }
      await tx.updateTable("redemption_codes").set({ is_active }).where("id", "=", id).execute()
      const audit = { ...auditOf(is_active), target: { type: "redemption_code", id }, metadata: {} } as const
      const steps = [{ what: is_active ? "switched on" : "switched off" }]
      return { answer: { ...before, is_active }, reason, audited: [{ audit, steps }] }
    }),
})

export const commands = [updateRedemptionCode]

/** Switches all codes of a batch. The confirmation contains their number. No command of its own. */
export const updateRedemptionBatch = defineChange({
  words: ["codes", "update-batch"],
  summary: "switch all codes of a batch on or off",
  input: redemptionBatchUpdate,
  answer: z.object({ batch_id: z.string(), changed: z.number() }),
  preview: ({ postgres, signal }, { batch_id, is_active }) =>
    postgres.run(async db => {
      const counts = await countsOfBatch(db, batch_id)
      const changing = is_active ? counts.off : counts.on
      return {
        title: `${is_active ? "Activate" : "Deactivate"} batch ${batch_id}`,
        subject: [countsText(counts, is_active)],
        ...effectsOf(
          changing === 0
            ? []
            : is_active
              ? ["they can be redeemed, unless expired or used up", ...counts.types.flatMap(typeEffects)]
              : ["they can no longer be redeemed; past redemptions stay"],
        ),
        needsConfirmation: changing > 0,
        ...(changing > 0 && { typed: String(changing) }),
      }
    }, signal),
  run: (context, { batch_id, is_active, reason }) =>
    change(context, async tx => {
      const changed = await switchBatch(tx, batch_id, is_active, context.progress)
      refuseMore(changed, context.seen.confirmed)
      await authorizeWithin(tx, context.operator)
      const target = { type: "redemption_code_batch", id: batch_id } as const
      const audit = { ...auditOf(is_active), target, metadata: { count: changed } }
      const steps = [{ what: `${codesText(changed)} switched ${is_active ? "on" : "off"}` }]
      return { answer: { batch_id, changed }, reason, audited: changed === 0 ? [] : [{ audit, steps }] }
    }),
})

/** Counts the codes of a batch. Throws DeckError "not_found" for one without codes. */
async function countsOfBatch(db: Kysely<Tables>, batchId: string): Promise<BatchCounts> {
  const counts = await batchCounts(db, batchId)
  if (counts.all === 0) throw new DeckError("not_found", `there is no batch ${batchId}`, { field: "batch_id" })
  return counts
}

/** Throws DeckError "conflict" where the batch grew since its number of codes was confirmed. */
function refuseMore(changed: number, confirmed: unknown): void {
  if (confirmed === undefined || changed <= Number(confirmed)) return
  throw new DeckError(
    "conflict",
    `the batch has changed meanwhile: ${codesText(changed)} instead of the ${confirmed} confirmed`,
  )
}

const auditOf = (is_active: boolean) => ({
  action: "redemption_codes.update",
  before: { is_active: !is_active },
  after: { is_active },
})

/** Codes per statement, so that none reaches its time limit. */
const AT_A_TIME = 5000

/** Switches the codes of a batch that are not in this state yet; returns their number. */
async function switchBatch(tx: Transaction<Tables>, batchId: string, isActive: boolean, progress: Progress) {
  const { on, off } = await countsOfBatch(tx, batchId)
  let changed = 0
  for (let some = AT_A_TIME; some >= AT_A_TIME; changed += some) {
    progress(changed, isActive ? off : on)
    const result = await sql`
      update redemption_codes set is_active = ${isActive} where id in (
        select id from redemption_codes where batch_id = ${batchId} and is_active <> ${isActive}
        limit ${AT_A_TIME} for update
      )`.execute(tx)
    some = Number(result.numAffectedRows)
  }
  return changed
}
