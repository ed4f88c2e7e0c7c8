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

  toJSON(): unknown {
    return rawJSON(this.text)
  }
}

/** The schema of a field that holds one. */
export const decimal = z.instanceof(Decimal)

/** The value that the JSON `text` writes; a number that a double would change is a Decimal in it. */
export const parseExactly = (text: string): unknown =>
  exact.parse(text, (_, value, { source }) =>
    typeof value === "number" && String(value) !== source ? new Decimal(source) : value,
  )
