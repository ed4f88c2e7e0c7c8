import { barAt, type Timeline } from "../../../../domain/access-log-timeline.ts"
import { burstsOf } from "../../../../domain/bursts.ts"
import { type Shown, show, shown } from "../../../../domain/safe-text.ts"
import type { TimeWindow } from "../../../../domain/time-window.ts"
import { TOGETHER } from "../../../../domain/unusual-bars.ts"
import { day, timeOfDay } from "../../../widgets/format.ts"
import { lastMinutes } from "../../shared/changed-since.ts"

const DAY_MS = 86_400_000
/** A shorter window holds too few requests to be compared: a narrow bar is looked at with those behind it. */
const LEAST_MS = 10_000
/** How many times as long the time before is that a window is compared with, unless that is longer than a day. */
const TIMES = 12

/** Where the operator looks in the log. */
export interface Looking {
  readonly timeline: Timeline
  /** Bar of the selected row; undefined while the log is live. */
  readonly selectedBar: number | undefined
  /** When the marked requests came, in ms since the epoch. */
  readonly marked: readonly number[]
  /** When the oldest request came that is held, where there is no history; else undefined. */
  readonly heldSince: number | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Returns the window that the operator looks at: from the first to the last of the marked requests, else the selected bar, with those
 * behind it where a burst begins, which may be at its end; else the last minutes.
 */
export function windowLookedAt({ timeline, selectedBar, marked, heldSince, now }: Looking): TimeWindow {
  if (marked.length > 1) return atLeast({ fromMs: Math.min(...marked), untilMs: Math.max(...marked) + 1 }, now)
  if (selectedBar !== undefined) {
    const fromMs = barAt(timeline, selectedBar)
    const bars = burstsOf(timeline).includes(selectedBar) ? TOGETHER : 1
    return atLeast({ fromMs, untilMs: fromMs + bars * timeline.barMs }, now)
  }
  return lastMinutes(now, heldSince)
}

const atLeast = ({ fromMs, untilMs }: TimeWindow, now: number): TimeWindow => ({
  fromMs,
  untilMs: Math.max(fromMs + 1, Math.min(now, Math.max(untilMs, fromMs + LEAST_MS))),
})

/** What a window is compared with: the time before it, the same time of the day before, or a window that was typed. */
export type Baseline = "before" | "yesterday" | "typed"

/** Returns the window that another one is compared with. */
export function baselineOf({ fromMs, untilMs }: TimeWindow, which: Exclude<Baseline, "typed">): TimeWindow {
  const length = untilMs - fromMs
  if (which === "before")
    return { fromMs: fromMs - Math.max(length, Math.min(TIMES * length, DAY_MS)), untilMs: fromMs }
  // The same time of the day, or of as many days as it is long.
  const back = Math.ceil(length / DAY_MS) * DAY_MS
  return { fromMs: fromMs - back, untilMs: untilMs - back }
}

/** Formats a window: `03:02 to 03:07`, with its day unless that is today, with seconds where it has any. */
export function windowShown({ fromMs, untilMs }: TimeWindow, now: number): Shown {
  const seconds = [fromMs, untilMs].some(ms => Math.floor(ms / 1000) % 60 !== 0)
  const time = (ms: number) => show(timeOfDay(ms).slice(0, seconds ? 8 : 5))
  const dayOf = (ms: number) => day(new Date(ms).toISOString())
  const at = (ms: number, beside: number) =>
    dayOf(ms) === dayOf(beside) ? time(ms) : shown`${show(dayOf(ms).slice(5))} ${time(ms)}`
  return shown`${at(fromMs, now)} to ${at(untilMs, fromMs)}`
}
