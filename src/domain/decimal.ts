import { z } from "zod"

/**
 * A number of PostgreSQL's `numeric` with all the digits that it has there, which a double would not keep: money, as
 * sums of numeric(18,8) (contract, section 3). In JSON it is a plain number.
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
}

/** The schema of a field that holds one. */
export const decimal = z.instanceof(Decimal)
