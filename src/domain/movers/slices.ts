import { SENDERS } from "./deviations.ts"
import { DIMENSIONS } from "./dimensions.ts"
import { SpaceSaving } from "./space-saving.ts"

/** Values per dimension and slice: the error of a rate is at most a 256th of all requests. */
const CAPACITY = 256
/** Complete slices of a window, besides the one being filled; as many again are kept for the previous window. */
export const WINDOW_SLICES = 6

/** Counts of the requests of a stretch of time, by every dimension. */
export interface Slice {
  requests: number
  readonly all: SpaceSaving[]
  /** Only of refused or failed requests, without durations: a value that is always refused may be rare among all. */
  readonly troubled: SpaceSaving[]
  /** Of these, by sender and route, for each of `SENDERS`. */
  readonly pairs: SpaceSaving[]
}

const SUMMARIES = ["all", "troubled", "pairs"] as const

/**
 * The newest 13 slices of `widthMs`. Older ones are merged into the wider slices of `next`, so that each request is
 * counted once, and a longer window costs memory, not time.
 */
export class Slices {
  readonly widthMs: number
  private readonly next: Slices | undefined
  /** By slice number: ms since the epoch divided by the width. */
  private readonly held = new Map<number, Slice>()
  private newest = Number.NEGATIVE_INFINITY

  constructor(widthMs: number, next?: Slices) {
    this.widthMs = widthMs
    this.next = next
  }

  /** Returns the slice that counts a request of `ms`; undefined when that is too long ago. */
  at(ms: number): Slice | undefined {
    const number = Math.floor(ms / this.widthMs)
    if (number > this.newest) this.advance(number)
    if (number < this.oldest) return this.next?.at(ms)
    return this.held.get(number) ?? this.begin(number)
  }

  /** Returns the slices that begin at or after `fromMs`, itself the start of a slice, and before `toMs`. */
  between(fromMs: number, toMs: number): Slice[] {
    const own = [...this.held].filter(([number]) => number * this.widthMs >= fromMs && number * this.widthMs < toMs)
    return [...own.map(([, slice]) => slice), ...(this.next?.between(fromMs, toMs) ?? [])]
  }

  forget(): void {
    this.held.clear()
    this.newest = Number.NEGATIVE_INFINITY
    this.next?.forget()
  }

  private get oldest(): number {
    return this.newest - 2 * WINDOW_SLICES
  }

  private advance(number: number): void {
    this.newest = number
    for (const [old, slice] of this.held) {
      if (old >= this.oldest) continue
      this.held.delete(old)
      this.next?.take(old * this.widthMs, slice)
    }
  }

  /** Merges a slice of the narrower kind into the one of its time. */
  private take(ms: number, slice: Slice): void {
    const into = this.at(ms)
    if (into === undefined) return
    into.requests += slice.requests
    for (const which of SUMMARIES) {
      for (const [i, summary] of slice[which].entries()) {
        into[which][i] = SpaceSaving.merged([into[which][i] as SpaceSaving, summary], CAPACITY)
      }
    }
  }

  private begin(number: number): Slice {
    const summaries = (by: readonly unknown[] = DIMENSIONS) => by.map(() => new SpaceSaving(CAPACITY))
    const slice = { requests: 0, all: summaries(), troubled: summaries(), pairs: summaries(SENDERS) }
    this.held.set(number, slice)
    return slice
  }
}
