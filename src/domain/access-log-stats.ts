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

  /** Returns the statistics at `nowMs` (since the epoch, stream's time), or at the newest entry if that is later. */
  snapshot(nowMs: number) {
    const now = Math.max(Math.floor(nowMs / 1000), this.newest)
    const recent = this.seconds.between(now - WINDOW_S + 1, now + 1)
    const all = RequestCounts.of(recent)
    const sparkline = recent.map(second => second?.count ?? 0)
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
      seen: this.seen,
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
