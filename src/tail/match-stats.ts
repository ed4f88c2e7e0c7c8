import { type AccessLogStatistics, AccessLogStats } from "../domain/access-log-stats.ts"
import type { StreamEntry } from "../domain/stream-entry.ts"

/**
 * Statistics of everything, and of what passes the filter. Each request is counted once, among those that pass or among
 * the others: both together are everything, so that a filter costs nothing as requests come.
 */
export class MatchStats {
  private readonly others = new AccessLogStats()
  private readonly passed = new AccessLogStats()
  /** What passes of the requests read before the filter was set: these are among the others. */
  private readonly passedBefore = new AccessLogStats()
  private isFiltered = false

  /** Counts a request as it is read. */
  accept(entry: StreamEntry, passes: boolean): void {
    const counted = this.isFiltered && passes ? this.passed : this.others
    counted.accept(entry)
  }

  /** Counts a request that was read before the filter was set, and passes it. */
  acceptBefore(entry: StreamEntry): void {
    if (this.isFiltered) this.passedBefore.accept(entry)
  }

  /** Begins anew with another filter; what was read before is then told by `acceptBefore`. */
  setFilter(isFiltered: boolean): void {
    this.others.absorb(this.passed)
    this.passedBefore.restart()
    this.isFiltered = isFiltered
  }

  /** Forgets the last seconds: a recreated stream may begin at an earlier time. */
  restart(): void {
    for (const stats of [this.others, this.passed, this.passedBefore]) stats.restart()
  }

  /** Returns the statistics at `nowMs` (since the epoch, stream's time); `matching` is null without a filter. */
  snapshot(nowMs: number): { readonly all: AccessLogStatistics; readonly matching: AccessLogStatistics | null } {
    const all = this.others.snapshot(nowMs, this.passed)
    return { all, matching: this.isFiltered ? this.passed.snapshot(this.others.at(nowMs), this.passedBefore) : null }
  }
}
