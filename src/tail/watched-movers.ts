import type { Deviation } from "../domain/movers/deviations.ts"
import { Movers } from "../domain/movers/movers.ts"
import type { MoversSnapshot, MoversWatch } from "../domain/movers/movers-snapshot.ts"
import { steadyDeviations } from "../domain/movers/steady-deviations.ts"
import { steadyNow } from "../domain/steady-now.ts"

const REFRESH_EVERY_MS = 1000
/** Interval of the looks for what stands out, on which the number of false alarms depends. */
const LOOK_EVERY_MS = 2000

/**
 * Movers as requested by the console: recomputed once a second, or at once when the request changes; and what stands
 * out among them, requested or not.
 */
export class WatchedMovers {
  readonly movers = new Movers(steadyNow())
  private watch: MoversWatch | null = null
  private last: MoversSnapshot | null = null
  private madeAt = 0
  private found: readonly Deviation[] = []
  private lookedAt = 0

  setWatch(watch: MoversWatch | null): void {
    this.watch = watch
    this.invalidate()
  }

  get isWatched(): boolean {
    return this.watch !== null
  }

  /** Resets for another stream, from `nowMs` on by the stream's time. */
  restart(nowMs: number): void {
    this.movers.restart(nowMs)
    this.found = []
    this.invalidate()
  }

  /** Counts the requests of another filter, from `nowMs` on by the stream's time. */
  recount(nowMs: number): void {
    this.movers.recount(nowMs)
    this.found = []
    this.invalidate()
  }

  /** Has the next snapshot recomputed, however recent the last one is. */
  invalidate(): void {
    this.madeAt = 0
    this.lookedAt = 0
  }

  /** Returns the movers at `nowMs` by the stream's time; null when none are requested. */
  snapshot(nowMs: number): MoversSnapshot | null {
    if (this.watch === null) return null
    if (this.last === null || Math.abs(nowMs - this.madeAt) >= REFRESH_EVERY_MS) {
      this.last = this.movers.snapshot(this.watch, nowMs)
      this.madeAt = nowMs
    }
    return this.last
  }

  /** Returns what stands out at `nowMs` by the stream's clock, the most unusual first. */
  deviations(nowMs: number): readonly Deviation[] {
    if (Math.abs(nowMs - this.lookedAt) >= LOOK_EVERY_MS) {
      this.found = steadyDeviations(this.movers.deviations(nowMs), this.found)
      this.lookedAt = nowMs
    }
    return this.found
  }
}
