import { steadyNow } from "../../domain/steady-now.ts"

/** Time within which a lower number can appear after a higher one, in ms (contract, section 10). */
const LATE_MS = 10_000

/**
 * Which events of a run were given already, by their numbers. Where these are in order, that is all up to the highest one; else
 * what was given in the last ten seconds is read again, since lower numbers can come in between.
 */
export class LateEvents {
  isInOrder = true
  private highest: bigint
  /** Everything up to this one was given or is too old to appear. */
  private floor: bigint
  private readonly now: () => number
  private readonly given: { seq: bigint; at: number }[] = []
  private readonly known = new Set<bigint>()

  /** `now` in ms. Events up to `after` are not wanted. */
  constructor(after: bigint, now: () => number = steadyNow) {
    this.highest = after
    this.floor = after
    this.now = now
  }

  /** The number after which it is to be read. */
  from(): bigint {
    if (this.isInOrder) return this.highest
    const old = this.given.findIndex(({ at }) => at > this.now() - LATE_MS)
    for (const { seq } of this.given.splice(0, old < 0 ? this.given.length : old)) {
      this.known.delete(seq)
      if (seq > this.floor) this.floor = seq
    }
    return this.floor
  }

  /** Those of `seqs` that were not given yet. */
  missing(seqs: readonly bigint[]): bigint[] {
    return seqs.filter(seq => !this.known.has(seq))
  }

  /** Remembers that this one was given. */
  give(seq: bigint): void {
    if (seq > this.highest) this.highest = seq
    if (this.isInOrder) return
    this.given.push({ seq, at: this.now() })
    this.known.add(seq)
  }
}
