import { expect } from "vitest"

/** Wrong ones are told up to here: after a first fault there may be a million. */
const TOLD = 5

/**
 * The oracle of the log: every entry that was written with a running number comes once, in order, or is counted in a
 * gap of exactly that size. The numbers go on through a reset, before which the reader has to have read everything. After each
 * failover that is told, numbers may be left out once: those that the new primary lacks.
 */
export class Oracle {
  /** The number that is due: all below it are accounted for. */
  next: number
  /** Entries told as lost. */
  lost = 0
  resets = 0
  /** Entries that came. */
  judged = 0
  failovers = 0
  /** The numbers that were left out after failovers: from the first, to below the second. */
  readonly leftOut: [from: number, to: number][] = []
  private mayLeaveOut = 0
  private readonly faults: string[] = []

  constructor(first = 0) {
    this.next = first
  }

  entry(number: number): void {
    if (number > this.next && this.mayLeaveOut > 0) {
      this.leftOut.push([this.next, number])
      this.mayLeaveOut--
    } else if (number !== this.next) this.faults.push(`${number} came where ${this.next} was due`)
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

  failover(): void {
    this.failovers++
    this.mayLeaveOut++
  }

  /** How many of the `numbers` that are there to be read were left out. */
  missed(numbers: Iterable<number>): number {
    return [...numbers].filter(number => this.leftOut.some(([from, to]) => from <= number && number < to)).length
  }

  /** Refuses what was told so far, unless it accounts for exactly `written` entries. */
  holds(written: number): void {
    expect(this.faults.slice(0, TOLD), `${this.faults.length} faults`).toEqual([])
    expect(this.next, "accounted for").toBe(written)
  }
}
