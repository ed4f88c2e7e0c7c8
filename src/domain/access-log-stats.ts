import { RequestCounts } from "./request-counts.ts"
import { Seconds } from "./seconds.ts"
import { STATUS_CLASSES, type StatusClass } from "./status-class.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** Statistics in the header of the live log: the last 60 seconds, including the current one. */
export type AccessLogStatistics = ReturnType<AccessLogStats["snapshot"]>

const WINDOW_S = 60
const RATE_S = 5

/** Counter of entries by the stream's second, in any order and bounded memory; older than the window: only `seen`. */
export class AccessLogStats {
  private readonly seconds = new Seconds<RequestCounts>(WINDOW_S, (before = new RequestCounts()) => before.clear())
  private newest = 0
  private seen = 0

  accept(entry: StreamEntry): void {
    this.seen++
    const at = Math.floor(entry.at / 1000)
    if (at > this.newest) this.newest = at
    this.seconds.of(at)?.accept(entry)
  }

  /** Forgets the last seconds: a recreated stream may begin at an earlier time. */
  restart(): void {
    this.newest = 0
    this.seconds.forget()
  }

  /** Returns `nowMs`, or the second of the newest entry if that is later, in ms. */
  at(nowMs: number): number {
    return Math.max(nowMs, this.newest * 1000)
  }

  /** Takes over what `other` has counted, which begins anew. */
  absorb(other: AccessLogStats): void {
    const from = other.newest - WINDOW_S + 1
    for (const [at, counts] of other.seconds.between(from, other.newest + 1).entries()) {
      if (counts !== undefined) this.seconds.of(from + at)?.add(counts)
    }
    this.newest = Math.max(this.newest, other.newest)
    this.seen += other.seen
    other.seen = 0
    other.restart()
  }

  /**
   * Returns the statistics of this and `others` together, at `nowMs` (since the epoch, stream's time), or at the newest
   * entry if that is later.
   */
  snapshot(nowMs: number, ...others: readonly AccessLogStats[]) {
    const parts = [this, ...others]
    const now = Math.max(Math.floor(nowMs / 1000), ...parts.map(part => part.newest))
    const recents = parts.map(part => part.seconds.between(now - WINDOW_S + 1, now + 1))
    const all = RequestCounts.of(recents.flat())
    const sparkline = Array.from({ length: WINDOW_S }, (_, at) => sum(recents.map(recent => recent[at]?.count ?? 0)))
    return {
      /** Entries per second, over the last whole seconds. */
      perSecond: sum(sparkline.slice(-1 - RATE_S, -1)) / RATE_S,
      /** Number of entries in each of the 60 seconds, oldest first. */
      sparkline,
      /** Share of each class among the entries that have one, 0 to 1; all 0 when none has. */
      shares: shares(all.classes),
      /** Milliseconds, within 1 % and at most an hour; null when no entry has a duration. */
      p50: all.percentile(50),
      p95: all.percentile(95),
      /** Number of entries accepted so far. */
      seen: sum(parts.map(part => part.seen)),
    }
  }
}

function shares(counts: readonly number[]): Record<StatusClass, number> {
  const total = sum(counts) || 1
  return Object.fromEntries(STATUS_CLASSES.map((name, i) => [name, (counts[i] as number) / total])) as Record<
    StatusClass,
    number
  >
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
