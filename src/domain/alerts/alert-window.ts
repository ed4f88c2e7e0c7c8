import type { DimensionKey } from "../movers/dimension-keys.ts"
import { DIMENSIONS, type Dimension } from "../movers/dimensions.ts"
import { bucketOf } from "../movers/durations.ts"
import { SpaceSaving, type Tally } from "../movers/space-saving.ts"
import { RequestCounts } from "../request-counts.ts"
import { Seconds } from "../seconds.ts"
import { FAILED, REFUSED } from "../status-class.ts"
import type { StreamEntry } from "../stream-entry.ts"
import { type Counted, MEASURED_S } from "./measure.ts"

/** Window of the last seconds, shared by the rules with the same dimension. Requests may come in any order. */
export interface AlertWindow {
  accept(entry: StreamEntry): void
  /** Returns what was counted before the second `at`, since the epoch. */
  countedBefore(at: number): readonly Counted[]
  forget(): void
}

/** Returns a window of all requests together, or of each value of a dimension by itself. */
export function openWindow(by: DimensionKey | null): AlertWindow {
  const dimension = DIMENSIONS.find(({ key }) => key === by)
  return dimension === undefined ? new WholeWindow() : new DimensionWindow(dimension)
}

/** Seconds kept: those measured, and the current one. */
const KEPT_S = MEASURED_S + 1

const secondOf = (entry: StreamEntry) => Math.floor(entry.at / 1000)

class WholeWindow implements AlertWindow {
  private readonly seconds = new Seconds<RequestCounts>(KEPT_S, (before = new RequestCounts()) => before.clear())

  accept(entry: StreamEntry): void {
    this.seconds.of(secondOf(entry))?.accept(entry)
  }

  countedBefore(at: number): readonly Counted[] {
    const all = RequestCounts.of(this.seconds.between(at - MEASURED_S, at))
    const [refused, failed] = [all.classes[REFUSED] as number, all.classes[FAILED] as number]
    return [{ value: "", count: all.count, refused, failed, p95: all.percentile(95) }]
  }

  forget(): void {
    this.seconds.forget()
  }
}

/** Values kept per second: one with more than a 512th of the requests is certain to be known. */
const VALUES_AT_MOST = 512

/** Window of a dimension's values, in bounded memory; counts only what is certain, so that no alert is a mistake. */
class DimensionWindow implements AlertWindow {
  private readonly dimension: Dimension
  private readonly seconds = new Seconds(KEPT_S, () => new SpaceSaving(VALUES_AT_MOST))

  constructor(dimension: Dimension) {
    this.dimension = dimension
  }

  accept(entry: StreamEntry): void {
    const value = this.dimension.valueOf(entry)
    if (value === "") return
    const at = entry.statusClass
    this.seconds.of(secondOf(entry))?.accept(value, at === REFUSED, at === FAILED, bucketOf(entry.duration))
  }

  countedBefore(at: number): readonly Counted[] {
    const all = SpaceSaving.merged(this.seconds.between(at - MEASURED_S, at).filter(one => one !== undefined))
    return all.values.map(value => {
      const { count, error, refused, failed } = all.tally(value) as Tally
      return { value, count: count - error, refused, failed, p95: all.p95(value) }
    })
  }

  forget(): void {
    this.seconds.forget()
  }
}
