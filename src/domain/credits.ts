import { z } from "zod"
import { id, reason, text } from "./fields.ts"

const org_id = id.meta({ label: "the id of the organization", positional: true })

/** What changed a balance: a run that consumed credits, a redeemed code, an operator. Credits are 64 bits wide. */
const creditTransaction = z.object({
  id: id.meta({ detail: true }),
  created_at: z.string(),
  /** Below 0 where credits were taken away. */
  amount: z.bigint(),
  type: z.string(),
  /** What it was for: `run` and the id of the run. */
  reference_type: z.string().nullable(),
  reference_id: id.nullable(),
  note: z.string().nullable(),
})

const balance = z.bigint()

/** The balance after an adjustment. */
export const creditBalance = z.object({ balance })

/** An organization's credits, the newest transactions first (contract, section 10). */
export const orgCredits = z.object({ balance, transactions: z.array(creditTransaction) })

/** The same for people, with the organization's name. */
export const namedOrgCredits = z.object({ organization: z.string(), ...orgCredits.shape })

/** The input of `credits show`. */
export const oneOrg = z.object({ org_id })

const NO_AMOUNT = "must be a whole number other than 0, like 500 or -200"

/** The input of `credits adjust`. The note stands with the transaction, where the organization's members read it. */
export const creditAdjustment = z.object({
  org_id,
  amount: z
    .preprocess(
      value => (typeof value === "number" || /^[+-]?\d+$/.test(String(value)) ? value : Number.NaN),
      z.coerce
        .number(NO_AMOUNT)
        .int(NO_AMOUNT)
        .refine(amount => amount !== 0, NO_AMOUNT),
    )
    .meta({ label: "credits to add, or to take away with a minus", placeholder: "N", signed: true }),
  note: text
    .trim()
    .min(1, "must say why")
    .max(1000, "must be at most 1000 characters")
    .meta({ label: "why: the organization's members see it" }),
  reason,
})

/** Credits of some organizations together, for the console. */
export const creditsOfOrgs = z.object({
  balances: z.array(z.object({ org_id: id, org_name: z.string(), balance })),
  transactions: z.array(creditTransaction.extend({ org_id: id, org_name: z.string() })),
})
export type CreditsOfOrgs = z.infer<typeof creditsOfOrgs>
