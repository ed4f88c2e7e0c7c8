import { z } from "zod"

interface ExactJson {
  rawJSON(text: string): unknown
  parse(text: string, revive: (key: string, value: unknown, context: { readonly source: string }) => unknown): unknown
}
/** In every Node since 22, and not yet in TypeScript's library. */
const exact = JSON as unknown as ExactJson

/** What is written to JSON as `text`. */
export const rawJSON = (text: string): unknown => exact.rawJSON(text)

/**
 * A number of PostgreSQL's `numeric` with all the digits that it has there, which a double would not keep: money, as
 * sums of numeric(18,8) (contract, section 3), or what others keep in JSON. In JSON it is a plain number.
 */
export class Decimal {
  private readonly text: string

  /** `text` as PostgreSQL writes it: digits, and perhaps a sign and a point. */
  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }

  /** Null for NaN and the infinities, which JSON has no numbers for. */
  toJSON(): unknown {
    return /\d/.test(this.text) ? rawJSON(this.text) : null
  }
}

/** The schema of a field that holds one. */
export const decimal = z.instanceof(Decimal)

/** Deeper than anybody means it; reading and writing it would take the whole stack. */
const DEEPEST = 500

/**
 * The value that the JSON `text` writes; a number that a double would change is a Decimal in it. What is nested more
 * than 500 deep stays text.
 */
export const parseExactly = (text: string): unknown =>
  isTooDeep(text)
    ? text
    : exact.parse(text, (_, value, { source }) =>
        typeof value === "number" && String(value) !== source ? new Decimal(source) : value,
      )

/** Is the JSON `text` nested so deep that `parseExactly` leaves it as it is? */
export const isTooDeep = (text: string): boolean => depthOf(text) > DEEPEST

/** How deep objects and arrays are nested in the JSON `text`. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[{]|[\]}]/g)) {
    if (token === "[" || token === "{") deepest = Math.max(deepest, ++depth)
    else if (token === "]" || token === "}") depth--
  }
  return deepest
}
