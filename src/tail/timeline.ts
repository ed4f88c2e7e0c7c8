import { type Timeline, timelineOf } from "../domain/access-log-timeline.ts"
import type { Ring } from "./ring.ts"

const REFRESH_EVERY_MS = 1000

/** Timeline of everything in the ring, whatever the filter; recomputed once a second. */
export class HeldTimeline {
  private readonly ring: Ring
  private last: Timeline | undefined
  private bars = 0
  private madeAt = 0

  constructor(ring: Ring) {
    this.ring = ring
  }

  /** Returns the timeline in at most `bars` bars. */
  snapshot(bars: number): Timeline {
    const now = performance.now()
    if (this.last === undefined || bars !== this.bars || now - this.madeAt >= REFRESH_EVERY_MS) {
      this.last = timelineOf(this.ring, bars, this.last)
      this.bars = bars
      this.madeAt = now
    }
    return this.last
  }
}
