import { z } from "zod"
import { cursor, id, limit, reason, text } from "./fields.ts"
import { filterText, since } from "./list-terms.ts"

/** Characters of codes (contract, section 6): 32 that cannot be confused with one another. */
export const CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

/** Regular expression of a complete code, for PostgreSQL and JavaScript: XXXX-XXXX-XXXX-XXXX. */
export const CODE_PATTERN = `^([${CODE_ALPHABET}]{4}-){3}[${CODE_ALPHABET}]{4}$`

/** A code within a text, in any case, but not a part of an id: a code is worth money to its reader. */
export const CODE_WITHIN = new RegExp(`(?<![\\w-])${CODE_PATTERN.slice(1, -1)}(?![\\w-])`, "i")

/** A redemption code (contract, section 2, `codes list`). */
export const redemptionCode = z.object({
  id,
  code: z.string(),
  type: z.string(),
  value: z.string(),
  max_uses: z.number(),
  use_count: z.number(),
  expires_at: z.string().nullable(),
  is_active: z.boolean(),
  batch_id: z.string().nullable(),
  created_by_user_id: id,
  created_at: z.string(),
})
export type RedemptionCode = z.infer<typeof redemptionCode>

/** Present state of a code. */
const REDEMPTION_STATES = ["active", "used up", "expired", "off"] as const
export type RedemptionState = (typeof REDEMPTION_STATES)[number]

/** A redemption code in the console's list. */
export const redemptionCodeRow = redemptionCode.extend({ state: z.enum(REDEMPTION_STATES) })
export type RedemptionCodeRow = z.infer<typeof redemptionCodeRow>

/** A complete redemption code, with its creator, where that user is known. */
export const redemptionCodeDetail = redemptionCodeRow.extend({
  created_by_login: z.string().nullable(),
  created_by_username: z.string().nullable(),
})
export type RedemptionCodeDetail = z.infer<typeof redemptionCodeDetail>

/** Filter of a list of redemption codes. */
export const redemptionCodeFilter = z.object({
  filter: filterText("summer state:active since:30d"),
  q: text.optional().meta({ label: "part of the code or of its batch; case-insensitive" }),
  type: text.optional().meta({
    label: "only codes of this type: credit, feature, …",
    placeholder: "TYPE",
    term: "type",
    takes: { example: "credit" },
  }),
  state: z
    .enum(REDEMPTION_STATES, `must be one of ${REDEMPTION_STATES.join(", ")}`)
    .optional()
    .meta({ label: "only codes in this state", term: "state" }),
  batch_id: text.optional().meta({
    label: "only codes of this batch, by its complete name",
    placeholder: "BATCH",
    term: "batch",
    takes: { example: "summer" },
  }),
  since,
  limit,
  cursor,
})

const codeId = id.meta({ label: "the id of the redemption code", positional: true })

export const oneRedemptionCode = z.object({ id: codeId })

const is_active = z.boolean("must say whether it is active").meta({ label: "active", option: "active" })

/** The input of `codes update`. */
export const redemptionCodeUpdate = z.object({ id: codeId, is_active, reason })

/** Input of a change of all codes of a batch. */
export const redemptionBatchUpdate = z.object({ batch_id: text, is_active, reason })

/** A redemption of a code, with user and organization; by id alone where those are gone. */
export const redemption = z.object({
  id,
  user_id: id,
  login: z.string().nullable(),
  username: z.string().nullable(),
  org_id: id,
  org_name: z.string().nullable(),
  redeemed_at: z.string(),
})
export type Redemption = z.infer<typeof redemption>

/** Filter of the redemptions of one code. */
export const redemptionFilter = z.object({ id: codeId, limit, cursor })
