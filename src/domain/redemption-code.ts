import { z } from "zod"
import { cursor, id, limit, reason, text } from "./fields.ts"

/** What codes are made of (contract, section 6): 32 characters, none of which is taken for another. */
export const CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

/** A whole code, as a regular expression for PostgreSQL and for us: XXXX-XXXX-XXXX-XXXX. */
export const CODE_PATTERN = `^([${CODE_ALPHABET}]{4}-){3}[${CODE_ALPHABET}]{4}$`

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

/** What a code is good for just now. */
const REDEMPTION_STATES = ["active", "used up", "expired", "off"] as const
export type RedemptionState = (typeof REDEMPTION_STATES)[number]

/** The same as the console lists it. */
export const redemptionCodeRow = redemptionCode.extend({ state: z.enum(REDEMPTION_STATES) })
export type RedemptionCodeRow = z.infer<typeof redemptionCodeRow>

/** The same whole, with who made it, where that user is known. */
export const redemptionCodeDetail = redemptionCodeRow.extend({
  created_by_login: z.string().nullable(),
  created_by_username: z.string().nullable(),
})
export type RedemptionCodeDetail = z.infer<typeof redemptionCodeDetail>

/** Which redemption codes to list. */
export const redemptionCodeFilter = z.object({
  q: text.optional().meta({ label: "part of the code or of its batch, in any case" }),
  type: text.optional().meta({ label: "of this type: credit, feature, …", placeholder: "TYPE" }),
  limit,
  cursor,
})

/** The same for the console. */
export const redemptionCodeSelection = redemptionCodeFilter.extend({
  state: z.enum(REDEMPTION_STATES).optional(),
  /** A batch by its whole name. */
  batch_id: text.optional(),
})

const codeId = id.meta({ label: "the id of the redemption code", positional: true })

export const oneRedemptionCode = z.object({ id: codeId })

const is_active = z.boolean("must say whether it is active").meta({ label: "active", option: "active" })

/** The input of `codes update`. */
export const redemptionCodeUpdate = z.object({ id: codeId, is_active, reason })

/** The input of a change of all codes of a batch. */
export const redemptionBatchUpdate = z.object({ batch_id: text, is_active, reason })

/** Somebody who redeemed a code, and for which organization; by id alone where those are gone. */
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

/** Who redeemed one code. */
export const redemptionFilter = z.object({ id: codeId, limit, cursor })
