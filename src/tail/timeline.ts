import { type Timeline, timelineOf } from "../domain/access-log-timeline.ts"
import type { Ring } from "./ring.ts"

const ANEW_EVERY_MS = 1000

/** The timeline of everything that the ring holds, whatever the filter: made anew once a second. */
export class HeldTimeline {
  private readonly ring: Ring
  private last: Timeline | undefined
  private bars = 0
  private madeAt = 0

  constructor(ring: Ring) {
    this.ring = ring
  }

  /** In at most `bars` bars. */
  snapshot(bars: number): Timeline {
    const now = performance.now()
    if (this.last === undefined || bars !== this.bars || now - this.madeAt >= ANEW_EVERY_MS) {
      this.last = timelineOf(this.ring, bars, this.last)
      this.bars = bars
      this.madeAt = now
    }
    return this.last
  }
}
