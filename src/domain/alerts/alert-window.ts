import type { DimensionKey } from "../movers/dimension-keys.ts"
import { DIMENSIONS, type Dimension } from "../movers/dimensions.ts"
import { bucketOf } from "../movers/durations.ts"
import { SpaceSaving, type Tally } from "../movers/space-saving.ts"
import { RequestCounts } from "../request-counts.ts"
import { Seconds } from "../seconds.ts"
import { FAILED, REFUSED, statusClassAt } from "../status-class.ts"
import type { StreamEntry } from "../stream-entry.ts"
import { type Counted, MEASURED_S } from "./measure.ts"

/** The requests of the last seconds, for the rules that measure the same of them. The order in which they come does not matter. */
export interface AlertWindow {
  accept(entry: StreamEntry): void
  /** What was counted before the second `at`, since the epoch. */
  countedBefore(at: number): readonly Counted[]
  forget(): void
}

/** A window of all requests together, or of each value of a dimension by itself. */
export function openWindow(by: DimensionKey | null): AlertWindow {
  const dimension = DIMENSIONS.find(({ key }) => key === by)
  return dimension === undefined ? new WholeWindow() : new DimensionWindow(dimension)
}

/** Those measured, and the one that goes on. */
const KEPT_S = MEASURED_S + 1

const secondOf = (entry: StreamEntry) => Math.floor(entry.ms / 1000)

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

/** Of each second: a value with more than one in so many requests is certain to be known. */
const VALUES_AT_MOST = 512

/** However many values there are, memory is bounded; what is not certain of a value is not counted, so no alert is a mistake. */
class DimensionWindow implements AlertWindow {
  private readonly dimension: Dimension
  private readonly seconds = new Seconds(KEPT_S, () => new SpaceSaving(VALUES_AT_MOST))

  constructor(dimension: Dimension) {
    this.dimension = dimension
  }

  accept(entry: StreamEntry): void {
    const value = this.dimension.valueOf(entry)
    if (value === "") return
    const at = statusClassAt(entry.number("status"))
    this.seconds
      .of(secondOf(entry))
      ?.accept(value, at === REFUSED, at === FAILED, bucketOf(entry.number("duration_ms")))
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
