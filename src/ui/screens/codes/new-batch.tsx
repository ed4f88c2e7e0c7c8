import { z } from "zod"
import { type RedemptionBatchMade, redemptionBatch } from "../../../domain/redemption-batch.ts"
import { shown } from "../../../domain/safe-text.ts"
import { metaOf } from "../../../domain/schema.ts"
import { createRedemptionCodes } from "../../../services/redemption/create-codes.ts"
import { defineForm } from "../../kit/form/define-form.tsx"
import { filledIn, type Values } from "../../kit/form/draft-state.ts"
import { checkForm } from "../../kit/form/form-state.ts"
import { dateTimeInZone } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"

export interface NewBatchParams {
  /** Called with the codes, which are returned only once, when the form is closed. */
  readonly made: (batch: RedemptionBatchMade) => void
}

/** Reads an empty field as undefined. */
const unlessEmpty = (schema: z.ZodType<string | undefined, string | undefined>) =>
  z
    .string()
    .transform(typed => typed || undefined)
    .pipe(schema)
    .meta(metaOf(schema))

const { reason: _reason, confirm_total: _total, ...FIELDS } = redemptionBatch.shape
const typedBatch = redemptionBatch.safeExtend({
  expires_at: unlessEmpty(FIELDS.expires_at),
  batch_id: unlessEmpty(FIELDS.batch_id),
})
const NAMES = Object.keys(FIELDS)
const BEGUN: Readonly<Record<string, string>> = { type: "credit", max_uses: "1" }

/** Form that makes redemption codes. */
export const newBatchScreen = defineForm<NewBatchParams>({
  id: "new-batch",
  title: "New redemption codes",
  summary: "create redemption codes",
  fields: () => ({ schema: typedBatch, names: NAMES, values: BEGUN, seen: {} }),
  saving: ({ made }, { back }) => ({
    change: createRedemptionCodes,
    title: "redemption codes",
    target: "",
    stoppable: true,
    refusal: (label, mistake) => `not created: ${label} ${mistake}`,
    done: ({ answer }) => {
      back()
      made(answer as RedemptionBatchMade)
    },
  }),
  check: ({ form }) => checkForm(typedBatch, form),
  saveKey: { label: "continue", help: "review and confirm" },
  leaving: () => ({ title: "Leave without creating codes?", text: "What you typed will be lost." }),
  heading: () => [piece(shown` New redemption codes`, "strong"), piece(shown`   all or none`, "dim")],
  notes: ({ draft }) => notesOn(filledIn(draft)),
})

/** Returns a note for each field, such as the end of a time span. */
function notesOn(typed: Values): Readonly<Record<string, string>> {
  const until = FIELDS.expires_at.safeParse(typed.expires_at).data
  return {
    count: "1 to 100 000",
    type:
      typed.type === "feature"
        ? "redeeming it is only recorded"
        : "credit, feature, or another type the platform knows",
    value: typed.type === "feature" ? "which feature" : "of each: for credits a whole number",
    max_uses: "by different users",
    expires_at:
      until === undefined ? "30d, 12h, 8w, or 2027-03-01T12:00:00Z; empty: never" : `until ${dateTimeInZone(until)}`,
    batch_id: typed.batch_id === "" ? "empty: a name is generated" : "",
  }
}
