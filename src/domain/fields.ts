import { z } from "zod"
import { parseAddress, parseBlock } from "./ip-block.ts"

/**
 * Fields shared by the entities (contract, section 2). Values come typed from a form or a script, or as text from a
 * command line: numbers are read from either. A message says what a value must be; its caller names the field.
 */

/** Any UUID, of whatever version, in PostgreSQL's spelling: Redis and columns of text are case-sensitive. */
export const id = z.guid("must be a UUID").toLowerCase().meta({ placeholder: "UUID" })

/** Text that PostgreSQL can store. */
export const text = z.string().refine(value => !value.includes("\0"), "must not contain a NUL character")

/** Reason of a change, stored in its audit row (contract, section 5). */
export const reason = text
  .max(1000, "must be at most 1000 characters")
  .optional()
  .meta({ label: "reason, stored in the audit row" })

const number = (message: string) => z.coerce.number(message)

export const limit = number("must be a whole number from 1 to 200")
  .int("must be a whole number from 1 to 200")
  .min(1, "must be 1 to 200")
  .max(200, "must be 1 to 200")
  .default(50)
  .meta({ label: "maximum number, 1 to 200", placeholder: "N" })

/** Maximum of a column of type int. */
const MAX_INT = 2_147_483_647

/** A whole number, in digits alone, from `least` to `most` (default: of type int); `what` is its name. */
export function wholeNumber(least: number, most = MAX_INT, what = "a whole number") {
  const message = `must be ${what}, ${least} to ${most}`
  return z.preprocess(
    value => (typeof value === "number" || /^\d+$/.test(String(value)) ? value : Number.NaN),
    number(message).int(message).min(least, message).max(most, message),
  )
}

/** End of the previous page; opaque, and checked by the list that made it. */
export const cursor = z.string().optional().meta({ label: "end of the previous page", placeholder: "CURSOR" })

const NO_TIME = "must be a time with its zone, like 2026-03-01T12:00:00Z"

/** An RFC 3339 time with its zone, within PostgreSQL's limit of offsets; kept as text, with all its digits. */
export const time = z.iso
  .datetime({ offset: true, error: NO_TIME })
  .refine(value => !/[+-](1[6-9]|2\d):\d\d$/.test(value), NO_TIME)
  .meta({ placeholder: "TIME" })

/** An IPv4 or IPv6 address. */
export const address = z
  .string()
  .refine(value => parseAddress(value) !== undefined, "must be an IP address, like 10.0.0.1 or 2001:db8::1")
  .meta({ placeholder: "ADDRESS" })

/** A block of addresses in CIDR notation. */
export const cidr = z
  .string()
  .refine(value => value.includes("/") && parseBlock(value) !== undefined, "must be a CIDR block, like 10.0.0.0/8")
  .meta({ placeholder: "CIDR" })

/** A risk or a share of one, 0 to 1 (the platform's 0 to 100 is converted at the edge). */
export const risk = number("must be a number from 0 to 1")
  .min(0, "must be 0 to 1")
  .max(1, "must be 0 to 1")
  .meta({ placeholder: "0..1" })

/** The answer of every list: its rows, and the cursor of the next page or null. */
export const page = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row), next_cursor: z.string().nullable() })
