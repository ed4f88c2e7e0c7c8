import { StreamEntry } from "../domain/stream-entry.ts"
import { NumberDeque } from "./deque.ts"
import { type Held, isEntry, isReset } from "./held.ts"
import type { Ring } from "./ring.ts"
import type { Rows } from "./row-list.ts"

export type Predicate = (entry: StreamEntry) => boolean

/** Counter of the entries looked at, in any order, and of those that pass. */
export interface Counting {
  see(ms: number): void
  accept(entry: StreamEntry): void
}

const NOT_COUNTED: Counting = { see: () => {}, accept: () => {} }

const OLDER_LIMIT = 20_000

/**
 * Entries of the ring that pass the filter, in order, preceded by older matches fetched from the stream. Each has an
 * ordinal: the newest at the time the filter was set is near 0, later ones count up, older ones down, and an ordinal
 * never changes until the next filter. Gaps and resets pass every filter.
 */
export class Matches implements Rows {
  private readonly ring: Ring
  private passes: Predicate
  private readonly counting: Counting
  private readonly onScanned: (entry: StreamEntry) => void
  private readonly numbers = new NumberDeque()
  private older: Held[] = []
  private first = 0
  /** Ring numbers below this one are still to be tested with the present filter. */
  private unscanned: number
  /** The number at which the stream was last recreated: times from before are not comparable. */
  private recreatedAt = 0
  /** Matches that the ring drops are kept with the older ones, so that no hole opens between the two. */
  private keepDropped = false

  /** `onScanned` is called for each entry that was held before the filter was set, and passes it. */
  constructor(
    ring: Ring,
    passes: Predicate,
    counting: Counting = NOT_COUNTED,
    onScanned: (entry: StreamEntry) => void = () => {},
  ) {
    this.ring = ring
    this.onScanned = onScanned
    this.passes = passes
    this.counting = counting
    this.unscanned = ring.end
  }

  /** The lowest ordinal, and one more than the highest. */
  get start(): number {
    return this.first
  }

  get end(): number {
    return this.first + this.length
  }

  get length(): number {
    return this.older.length + this.numbers.length
  }

  /** Number of matches in the ring. */
  get inRing(): number {
    return this.numbers.length
  }

  /** Share of the ring that the present filter has been applied to, 0 to 1. */
  get scanned(): number {
    const left = Math.max(0, this.unscanned - this.ring.start)
    return left === 0 ? 1 : 1 - left / this.ring.length
  }

  at(ordinal: number): Held | undefined {
    const index = ordinal - this.first
    if (index < this.older.length) return this.older[index]
    const number = this.numbers.at(index - this.older.length)
    return number === undefined ? undefined : this.ring.at(number)
  }

  /** Returns the ring number of an ordinal; undefined for the older ones, which are not in the ring. */
  numberOf(ordinal: number): number | undefined {
    return this.numbers.at(ordinal - this.first - this.older.length)
  }

  /** Ordinals at which the stream was recreated, oldest first: from there on ids may be lower than before. */
  get resets(): number[] {
    const older = [...this.older.keys()].filter(index => isReset(this.older[index] as Held))
    const inRing = this.ring.resets.map(number => this.older.length + this.numbers.indexFrom(number))
    return [...older, ...inRing].map(index => this.first + index)
  }

  /** Begins anew with another filter; `scan` then tests what the ring holds, newest first. */
  refill(passes: Predicate): void {
    this.passes = passes
    this.numbers.clear()
    this.older = []
    this.keepDropped = false
    this.first = 0
    this.unscanned = this.ring.end
  }

  /** Adds the newest; returns whether it passes. */
  accept(held: Held): boolean {
    const number = this.ring.end
    this.ring.push(held)
    if (isReset(held)) this.recreatedAt = number
    const passes = this.tests(number, held)
    if (passes) this.numbers.push(number)
    while (this.ring.surplus > 0) this.dropOldest(this.ring.start + this.ring.surplus)
    return passes
  }

  /** Visits time and outcome of every entry in the ring that passes. */
  eachTime(visit: (at: number, outcome: number) => void): void {
    this.ring.eachTimeOf(this.numbers, visit)
  }

  /** Tests what the ring held when the filter was set, newest first, for at most `budgetMs`; returns true when done. */
  scan(budgetMs: number): boolean {
    const deadline = performance.now() + budgetMs
    while (this.unscanned > this.ring.start) {
      const number = --this.unscanned
      const held = this.ring.at(number)
      if (held && this.tests(number, held)) {
        this.numbers.unshift(number)
        this.first--
        if (isEntry(held) && number >= this.recreatedAt) this.onScanned(held)
      }
      if ((number & 127) === 0 && performance.now() >= deadline) return this.unscanned <= this.ring.start
    }
    return true
  }

  /** Returns whether an entry passes; also counts it if it belongs to the present stream. */
  private tests(number: number, held: Held): boolean {
    if (!isEntry(held)) return true
    const passes = this.passes(held)
    if (number < this.recreatedAt) return passes
    this.counting.see(held.at)
    if (passes) this.counting.accept(held)
    return passes
  }

  /** Begins to keep what the ring drops, because older pages are about to be put before it. */
  keepDroppedMatches(): void {
    this.keepDropped = true
  }

  /** Puts the matches of an older page, newest first, before the others. Returns how many passed. */
  prepend(page: readonly Held[]): number {
    const passing = page.filter(held => !isEntry(held) || this.passes(held)).reverse()
    const kept = passing.slice(Math.max(0, passing.length - (OLDER_LIMIT - this.older.length)))
    this.older = [...kept, ...this.older]
    this.first -= kept.length
    return passing.length
  }

  get olderIsFull(): boolean {
    return this.older.length >= OLDER_LIMIT
  }

  /** Releases the older pages; only the ring is left. */
  forgetOlder(): void {
    this.first += this.older.length
    this.older = []
    this.keepDropped = false
  }

  private dropOldest(newStart: number): void {
    for (let number = this.numbers.at(0); number !== undefined && number < newStart; number = this.numbers.at(0)) {
      const held = this.keepDropped ? this.ring.at(number) : undefined
      this.numbers.shift()
      if (held) this.older.push(isEntry(held) ? detached(held) : held)
      else this.first++
    }
    // All at once: removing one from the front of such a long array moves all the others.
    this.first += this.older.splice(0, Math.max(0, this.older.length - OLDER_LIMIT)).length
    this.ring.drop()
  }
}

/** Copies an entry: the ring reuses the bytes of a dropped slab. */
function detached(entry: StreamEntry): StreamEntry {
  const bytes = Buffer.allocUnsafeSlow(entry.size)
  entry.copyTo(bytes, 0)
  const copy = new StreamEntry(entry.ms, entry.seq, bytes, 0, bytes.length, entry.at)
  copy.gateway = entry.gateway
  copy.behind = entry.behind
  return copy
}
