import { createHistogram, type RecordableHistogram } from "node:perf_hooks"
import { STATUS_CLASSES, type StatusClass, statusClassAt } from "./status-class.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** What the header of the live log says about the last 60 seconds, the one going on included. */
export interface AccessLogStatistics {
  /** Entries per second, over the last whole seconds. */
  readonly perSecond: number
  /** How many entries each of the 60 seconds had, oldest first. */
  readonly sparkline: number[]
  /** 0 to 1, of the entries that have one of these classes; all 0 when none has. */
  readonly shares: Record<StatusClass, number>
  /** Milliseconds, within 1 % and a hour at the most; null when no entry tells its duration. */
  readonly p50: number | null
  readonly p95: number | null
  /** Every entry accepted so far. */
  readonly seen: number
}

const WINDOW_S = 60
const RATE_S = 5
const LONGEST_MS = 3_600_000

/**
 * Counts entries by the second in which the stream took them, in memory that does not grow. The order in which
 * entries come does not matter; those older than the window are only `seen`.
 */
export class AccessLogStats {
  private readonly seconds = Array.from({ length: WINDOW_S }, () => new Second())
  private newest = 0
  private seen = 0

  accept(entry: StreamEntry): void {
    this.seen++
    const at = Math.floor(entry.ms / 1000)
    const second = this.seconds[at % WINDOW_S] as Second
    if (at < second.at) return
    if (at > second.at) second.startAt(at)
    if (at > this.newest) this.newest = at
    second.accept(entry)
  }

  /** Forgets the last seconds: a stream that was created again may have begun at an earlier time. */
  restart(): void {
    this.newest = 0
    for (const second of this.seconds) second.startAt(NEVER)
  }

  /** The statistics at `nowMs`, milliseconds since the epoch by the stream's clock; no entry is ever in the future. */
  snapshot(nowMs: number): AccessLogStatistics {
    const now = Math.max(Math.floor(nowMs / 1000), this.newest)
    const recent = Array.from({ length: WINDOW_S }, (_, i) => this.secondAt(now - WINDOW_S + 1 + i))
    const sparkline = recent.map(second => second?.count ?? 0)
    const whole = sparkline.slice(-1 - RATE_S, -1)
    const durations = histogram()
    for (const second of recent) if (second?.durations.count) durations.add(second.durations)
    return {
      perSecond: sum(whole) / RATE_S,
      sparkline,
      shares: shares(STATUS_CLASSES.map((_, i) => sum(recent.map(second => second?.classes[i] ?? 0)))),
      p50: percentile(durations, 50),
      p95: percentile(durations, 95),
      seen: this.seen,
    }
  }

  private secondAt(at: number): Second | undefined {
    const second = this.seconds[at % WINDOW_S]
    return second?.at === at ? second : undefined
  }
}

const NEVER = -1

class Second {
  /** Seconds since the epoch. */
  at = NEVER
  count = 0
  readonly classes = STATUS_CLASSES.map(() => 0)
  readonly durations = histogram()

  startAt(at: number): void {
    this.at = at
    this.count = 0
    this.classes.fill(0)
    this.durations.reset()
  }

  accept(entry: StreamEntry): void {
    this.count++
    const status = statusClassAt(entry.number("status"))
    if (status >= 0) this.classes[status] = (this.classes[status] as number) + 1
    const duration = entry.number("duration_ms")
    if (duration !== null && duration >= 0) this.durations.record(Math.min(Math.round(duration), LONGEST_MS) + SHIFT)
  }
}

/** A histogram counts from 1 on, durations begin at 0. */
const SHIFT = 1

function histogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: LONGEST_MS + SHIFT, figures: 2 })
}

function percentile(durations: RecordableHistogram, percent: number): number | null {
  return durations.count === 0 ? null : durations.percentile(percent) - SHIFT
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
