import { partOf, type Timeline, type Times, timelineOf } from "../domain/access-log-timeline.ts"

const REFRESH_EVERY_MS = 1000

/** Timelines of everything in the ring, and of what passes the filter in the same bars; recomputed once a second. */
export class HeldTimeline {
  private readonly ring: Times
  private readonly matches: Times
  private last: { readonly all: Timeline; readonly matching: Timeline | null } | undefined
  private of = ""
  private madeAt = 0

  constructor(ring: Times, matches: Times) {
    this.ring = ring
    this.matches = matches
  }

  /** Returns them in at most `bars` bars; `state` is another one where the matches are others at once. */
  snapshot(bars: number, isFiltered: boolean, state: string) {
    const now = performance.now()
    const of = `${bars} ${state}`
    if (this.last === undefined || of !== this.of || now - this.madeAt >= REFRESH_EVERY_MS) {
      const all = timelineOf(this.ring, bars, this.last?.all)
      this.last = { all, matching: isFiltered ? partOf(all, this.matches) : null }
      this.of = of
      this.madeAt = now
    }
    return this.last
  }
}
