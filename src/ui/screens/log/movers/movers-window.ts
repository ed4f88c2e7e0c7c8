import { barAt, type Timeline } from "../../../../domain/access-log-timeline.ts"
import type { MoversMinutes } from "../../../../domain/movers/movers-snapshot.ts"
import type { TimeWindow } from "../../../../domain/time-window.ts"
import type { Level } from "../zoom/levels.ts"

/** What of the log is in sight. */
export interface InSight {
  /** The rows are of the past. */
  readonly isPast: boolean
  readonly level: Level
  readonly timeline: Timeline
  /** Bar of the selected row, and when that came, in ms since the epoch; undefined while the log is live. */
  readonly selectedBar: number | undefined
  readonly rowMs: number | undefined
  /** When the marked requests came. */
  readonly marked: readonly number[]
}

/**
 * Returns the window that the movers are of: from the first to the last of the marked requests, the selected bar of a level wider
 * than what is held, or in the past the period that holds the selected row; undefined for the last minutes.
 */
export function moversWindow(
  { isPast, level, timeline, selectedBar, rowMs, marked }: InSight,
  minutes: MoversMinutes,
): TimeWindow | undefined {
  if (marked.length > 1) return { fromMs: Math.min(...marked), untilMs: Math.max(...marked) + 1 }
  if (level !== "held" && selectedBar !== undefined) {
    const fromMs = barAt(timeline, selectedBar)
    return { fromMs, untilMs: fromMs + timeline.barMs }
  }
  if (!isPast || rowMs === undefined) return undefined
  const period = minutes * 60_000
  const fromMs = Math.floor(rowMs / period) * period
  return { fromMs, untilMs: fromMs + period }
}
