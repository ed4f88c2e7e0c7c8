import { createHistogram } from "node:perf_hooks"
import { STATUS_CLASSES } from "./status-class.ts"
import type { StreamEntry } from "./stream-entry.ts"

const LONGEST_MS = 3_600_000
/** A histogram counts from 1 on, durations begin at 0. */
const SHIFT = 1

/** Summary of some requests. */
export class RequestCounts {
  count = 0
  /** By status class, in the order of STATUS_CLASSES. */
  readonly classes = STATUS_CLASSES.map(() => 0)
  private readonly durations = createHistogram({ lowest: 1, highest: LONGEST_MS + SHIFT, figures: 2 })

  static of(parts: Iterable<RequestCounts | undefined>): RequestCounts {
    const all = new RequestCounts()
    for (const part of parts) if (part !== undefined) all.add(part)
    return all
  }

  accept(entry: StreamEntry): void {
    this.count++
    const at = entry.statusClass
    if (at >= 0) this.classes[at]!++
    const { duration } = entry
    if (duration !== null && duration >= 0) this.durations.record(Math.min(Math.round(duration), LONGEST_MS) + SHIFT)
  }

  /** Duration in ms that `percent` of them do not exceed, within 1 % and at most an hour; null without any. */
  percentile(percent: number): number | null {
    return this.durations.count === 0 ? null : this.durations.percentile(percent) - SHIFT
  }

  /** Resets the counts. */
  clear(): this {
    this.count = 0
    this.classes.fill(0)
    this.durations.reset()
    return this
  }

  /** Adds what another one has counted. */
  add(other: RequestCounts): void {
    this.count += other.count
    for (const [at, count] of other.classes.entries()) this.classes[at]! += count
    if (other.durations.count > 0) this.durations.add(other.durations)
  }
}
