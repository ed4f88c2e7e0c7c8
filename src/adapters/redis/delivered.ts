import type { StreamEntry } from "../../domain/stream-entry.ts"
import { previousId } from "./stream-ids.ts"

/** As much as a stream holds, and more: what is older was trimmed, as a rule, and need not be known any more. */
const CAPACITY = 16_384

/** How an entry of a server is known: as one of those that the server before it had, or as one that was lost since. */
export type Known = "current" | "lost"

/**
 * The entries that were delivered last, by id and size: enough to tell them from what another server gave the same ids. Those
 * that a server has lost stay, marked: who comes back with them is not to be read on.
 */
export class Delivered {
  private readonly ms = new Float64Array(CAPACITY)
  private readonly seq = new Float64Array(CAPACITY)
  private readonly size = new Float64Array(CAPACITY)
  private readonly isLost = new Uint8Array(CAPACITY)
  /** How many were delivered in all. */
  private count = 0

  add(entries: readonly StreamEntry[]): void {
    for (const { ms, seq, size } of entries) {
      const at = this.count++ % CAPACITY
      this.ms[at] = ms
      this.seq[at] = seq
      this.size[at] = size
      this.isLost[at] = 0
    }
  }

  clear(): void {
    this.count = 0
  }

  /** The id right below that of the oldest one that is not lost; undefined for none. */
  get beforeOldest(): string | undefined {
    for (const at of this.places()) if (!this.isLost[at]) return previousId(this.idAt(at))
    return undefined
  }

  /** Those that are held, by id and size. */
  known(): ReadonlyMap<string, Known> {
    const known = new Map<string, Known>()
    for (const at of this.places()) {
      known.set(`${this.idAt(at)} ${this.size[at]}`, this.isLost[at] ? "lost" : "current")
    }
    return known
  }

  /** Marks those behind the entry `id` as lost; returns how many these were. */
  loseAfter(id: string): number {
    let found = false
    let lost = 0
    for (const at of this.places()) {
      if (this.isLost[at]) continue
      if (found) {
        this.isLost[at] = 1
        lost++
      }
      found ||= this.idAt(at) === id
    }
    return lost
  }

  /** The places in use, oldest first. */
  private *places(): Generator<number> {
    for (let n = Math.max(0, this.count - CAPACITY); n < this.count; n++) yield n % CAPACITY
  }

  private readonly idAt = (at: number) => `${this.ms[at]}-${this.seq[at]}`
}
