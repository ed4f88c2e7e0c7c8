import { z } from "zod"

interface ExactJson {
  rawJSON(text: string): unknown
  parse(text: string, revive: (key: string, value: unknown, context: { readonly source: string }) => unknown): unknown
}
/** In every Node since 22, but not yet in TypeScript's library. */
const exact = JSON as unknown as ExactJson

/** A value that JSON writes as `text`. */
export const rawJSON = (text: string): unknown => exact.rawJSON(text)

/** PostgreSQL's `numeric` with all its digits, which a double would not keep; in JSON a plain number. */
export class Decimal {
  private readonly text: string

  /** `text` as PostgreSQL writes it: digits, with an optional sign and point. */
  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }

  /** Null for NaN and the infinities, which JSON cannot express. */
  toJSON(): unknown {
    return /\d/.test(this.text) ? rawJSON(this.text) : null
  }
}

/** Schema of a field with a Decimal. */
export const decimal = z.instanceof(Decimal)

/** Deeper than any sensible value; reading and writing it would exhaust the stack. */
const DEEPEST = 500

/** Parses JSON; a number that a double would change becomes a Decimal. A value nested more than 500 deep stays text. */
export const parseExactly = (text: string): unknown =>
  isTooDeep(text)
    ? text
    : exact.parse(text, (_, value, { source }) =>
        typeof value === "number" && String(value) !== source ? new Decimal(source) : value,
      )

/** Whether the JSON `text` is nested so deep that `parseExactly` leaves it as it is. */
export const isTooDeep = (text: string): boolean => depthOf(text) > DEEPEST

/** Returns the nesting depth of the JSON `text`. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[{]|[\]}]/g)) {
    if (token === "[" || token === "{") deepest = Math.max(deepest, ++depth)
    else if (token === "]" || token === "}") depth--
  }
  return deepest
}
