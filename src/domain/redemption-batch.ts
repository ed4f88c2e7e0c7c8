import { z } from "zod"
import { reason, text, time, wholeNumber } from "./fields.ts"
import { redemptionCode } from "./redemption-code.ts"

/** Maximum number of codes in a batch (contract, section 2). */
const CODES_AT_MOST = 100_000

/** Whether text has no invisible characters; the two joiners belong to the spelling of some scripts. */
const isVisible = (value: string) => !/[\p{Cc}\p{Zl}\p{Zp}[\p{Cf}--[\u200c\u200d]]]/v.test(value)

/** A line of text for people. */
const line = text
  .trim()
  .min(1, "must not be empty")
  .max(200, "must be at most 200 characters")
  .refine(isVisible, "must not contain control characters or invisible ones")

const type = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, "must be a word of lower-case letters, digits and _, like credit or feature")
  .max(63, "must be at most 63 characters")

/** Whether the value of a code of this type is an amount (contract, section 6). */
const isAmount = (type: string): boolean => type === "credit" || type === "credits"

/** Credits that a batch may be worth in all without being confirmed by its sum, unless a profile says otherwise. */
export const LARGE_GRANT = 100_000

/** What a batch is worth in all, in credits; undefined for codes that grant none. */
export const worthOf = ({ count, type, value, max_uses }: RedemptionBatch): bigint | undefined =>
  isAmount(type) ? BigInt(value) * BigInt(count) * BigInt(max_uses) : undefined

const HOURS = { h: 1, d: 24, w: 7 * 24 }

/** Parses a time, or a span from now on such as `30d`, to RFC 3339; undefined for none, and beyond the calendar. */
function expiry(typed: string): string | undefined {
  const span = /^(\d{1,5})([hdw])$/.exec(typed)
  if (span === null) return time.safeParse(typed).data
  const hours = Number(span[1]) * HOURS[span[2] as keyof typeof HOURS]
  return `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 19)}Z`
}

const expires_at = z.string().transform((typed, context) => {
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message })
    return z.NEVER
  }
  const until = expiry(typed.trim())
  if (until === undefined)
    return refuse("must be a time with its zone, like 2027-03-01T12:00:00Z, or a span like 30d, 12h, 8w")
  return Date.parse(until) > Date.now() ? until : refuse("must be in the future")
})

/** The input of `codes create`. */
export const redemptionBatch = z
  .object({
    count: wholeNumber(1, CODES_AT_MOST).meta({ label: "how many", placeholder: "N" }),
    type: type.meta({ label: "type", placeholder: "credit|feature|…" }),
    value: line.meta({ label: "value", placeholder: "VALUE" }),
    max_uses: wholeNumber(1).default(1).meta({ label: "uses per code", placeholder: "N" }),
    expires_at: expires_at.optional().meta({ label: "expires", placeholder: "TIME|30d|12h|8w" }),
    batch_id: line.optional().meta({ label: "batch", placeholder: "NAME" }),
    confirm_total: z
      .string()
      .regex(/^\d+$/, "must be a whole number")
      .optional()
      .meta({ label: "what a large grant is worth in all, which --yes needs", placeholder: "N" }),
    reason,
  })
  .refine(({ type, value }) => !isAmount(type) || /^[1-9]\d{0,17}$/.test(value), {
    path: ["value"],
    message: "must be a whole number above 0 for credits",
  })
export type RedemptionBatch = z.output<typeof redemptionBatch>

/** The answer of `codes create`. */
export const redemptionBatchMade = z.object({ batch_id: z.string(), data: z.array(redemptionCode) })
export type RedemptionBatchMade = z.infer<typeof redemptionBatchMade>
