import { expect } from "vitest"

/** Wrong ones are told up to here: after a first fault there may be a million. */
const TOLD = 5

/**
 * The oracle of the log: every entry that was written with a running number comes once, in order, or is counted in a
 * gap of exactly that size. The numbers go on through a reset, before which the reader has to have read everything.
 */
export class Oracle {
  /** The number that is due: all below it are accounted for. */
  next: number
  /** Entries told as lost. */
  lost = 0
  resets = 0
  /** Entries that came. */
  judged = 0
  private readonly faults: string[] = []

  constructor(first = 0) {
    this.next = first
  }

  entry(number: number): void {
    if (number !== this.next) this.faults.push(`${number} came where ${this.next} was due`)
    this.next = number + 1
    this.judged++
  }

  gap(lost: number): void {
    if (lost <= 0) this.faults.push(`a gap of ${lost} where ${this.next} was due`)
    this.lost += lost
    this.next += lost
  }

  reset(): void {
    this.resets++
  }

  /** Refuses what was told so far, unless it accounts for exactly `written` entries. */
  holds(written: number): void {
    expect(this.faults.slice(0, TOLD), `${this.faults.length} faults`).toEqual([])
    expect(this.next, "accounted for").toBe(written)
  }
}
