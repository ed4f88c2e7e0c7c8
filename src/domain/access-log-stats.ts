import { RequestCounts } from "./request-counts.ts"
import { Seconds } from "./seconds.ts"
import { STATUS_CLASSES, type StatusClass } from "./status-class.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** What the header of the live log says about the last 60 seconds, the one going on included. */
export interface AccessLogStatistics {
  /** Entries per second, over the last whole seconds. */
  readonly perSecond: number
  /** How many entries each of the 60 seconds had, oldest first. */
  readonly sparkline: number[]
  /** 0 to 1, of the entries that have one of these classes; all 0 when none has. */
  readonly shares: Record<StatusClass, number>
  /** Milliseconds, within 1 % and an hour at the most; null when no entry tells its duration. */
  readonly p50: number | null
  readonly p95: number | null
  /** Every entry accepted so far. */
  readonly seen: number
}

const WINDOW_S = 60
const RATE_S = 5

/** Counts entries by the second of the stream, in any order and bounded memory; older than the window: only `seen`. */
export class AccessLogStats {
  private readonly seconds = new Seconds<RequestCounts>(WINDOW_S, (before = new RequestCounts()) => before.clear())
  private newest = 0
  private seen = 0

  accept(entry: StreamEntry): void {
    this.seen++
    const at = Math.floor(entry.ms / 1000)
    if (at > this.newest) this.newest = at
    this.seconds.of(at)?.accept(entry)
  }

  /** Forgets the last seconds: a stream that was created again may have begun at an earlier time. */
  restart(): void {
    this.newest = 0
    this.seconds.forget()
  }

  /** The statistics at `nowMs`, milliseconds since the epoch by the stream's clock; no entry is ever in the future. */
  snapshot(nowMs: number): AccessLogStatistics {
    const now = Math.max(Math.floor(nowMs / 1000), this.newest)
    const recent = this.seconds.between(now - WINDOW_S + 1, now + 1)
    const all = RequestCounts.of(recent)
    const sparkline = recent.map(second => second?.count ?? 0)
    return {
      perSecond: sum(sparkline.slice(-1 - RATE_S, -1)) / RATE_S,
      sparkline,
      shares: shares(all.classes),
      p50: all.percentile(50),
      p95: all.percentile(95),
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
