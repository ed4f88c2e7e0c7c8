import { statusClass } from "../domain/status-class.ts"
import { isEntry } from "./held.ts"
import type { Predicate } from "./matches.ts"
import type { Rows } from "./row-list.ts"

export const isFailed: Predicate = entry => statusClass(entry.number("status")) === "5xx"

/** Walk from a row of the log to the next one that a test holds for, up (-1) or down (1). It never goes round. */
export class RowWalk {
  readonly by: 1 | -1
  private readonly matches: Rows
  private readonly holds: Predicate
  /** Ordinal of the row to look at next. */
  private at: number
  private found: number | undefined

  constructor(matches: Rows, holds: Predicate, { from, by }: { readonly from: number; readonly by: 1 | -1 }) {
    this.matches = matches
    this.holds = holds
    this.by = by
    this.at = from + by
  }

  /** Whether a row was found, or all that are held were looked at. */
  get isThrough(): boolean {
    const { start, end } = this.matches
    return this.found !== undefined || (this.by < 0 ? this.at < start : this.at >= end)
  }

  /** Goes on for at most `budgetMs`; returns the ordinal of the row, undefined for none so far. */
  go(budgetMs = Number.POSITIVE_INFINITY): number | undefined {
    const deadline = performance.now() + budgetMs
    while (!this.isThrough) {
      const held = this.matches.at(this.at)
      if (held && isEntry(held) && this.holds(held)) this.found = this.at
      this.at += this.by
      if ((this.at & 127) === 0 && performance.now() >= deadline) break
    }
    return this.found
  }
}
