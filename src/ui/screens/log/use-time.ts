import { useEffect, useReducer, useRef, useState } from "react"
import { barAt, barOf, type Timeline } from "../../../domain/access-log-timeline.ts"
import { burstsOf } from "../../../domain/bursts.ts"
import { readEntryName } from "../../../domain/entry-name.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { TOGETHER } from "../../../domain/unusual-bars.ts"
import type { Found, LogPlace, LogStep, LogTarget, TailSnapshot } from "../../../tail/protocol.ts"
import { useShell } from "../../kit/shell.ts"
import { grouped, timeOfDay } from "../../widgets/format.ts"
import type { LogState } from "./log-state.ts"
import { timeScreen } from "./time.tsx"

/**
 * Step through the log: to the bar beside that of the selected row, to a burst of errors, to a row with the text searched for
 * or that failed, or to a place.
 */
type Step =
  | { readonly to: "bar" | "burst"; readonly by: 1 | -1 }
  | { readonly row: LogStep["row"]; readonly by: 1 | -1 | "nearest" }
  | { readonly place: LogPlace }

/** Where the log is: the bars, and that of the selected row; undefined while live, and for rows without a time. */
interface Whereabouts {
  readonly timeline: Timeline
  readonly selectedBar: number | undefined
}

/** What is done where the steps before it led. */
interface Act {
  readonly act: (where: Whereabouts) => void
}

interface Cursor {
  pause(): void
  resume(): void
  goTo(ordinal: number): void
}

const NO_TIMELINE: Timeline = { from: 0, barMs: 1, ok: [], refused: [], failed: [] }

/** Bars over more than what is held. */
interface Wider {
  /** Undefined for what is held, and until they are counted. */
  readonly timeline: Timeline | undefined
  readonly isCounting: boolean
  /** Why they are not there. */
  readonly instead: Shown | undefined
  readonly isRecorded: boolean
  canGo(by: 1): boolean
  turn(by: 1): void
}

/**
 * Moves through the log by time: looks places up in the tail, and moves `log` there; steps wait while the filter `isChanging`. Where the
 * bars hold no further burst, those of the next level are looked at.
 */
export function useTime(
  snapshot: TailSnapshot | null,
  state: LogState,
  log: Cursor,
  zoom: Wider,
  isChanging: () => boolean,
) {
  const { tail, push, say } = useShell()
  const looking = useRef<AbortController>(undefined)
  const [isAsking, setAsking] = useState(false)
  /** Steps to take one after another, each from the result of the one before. */
  const waiting = useRef<(Step | Act)[]>([])
  /** How many steps have led somewhere, and how many of these the present drawing knows: an effect of an older one may come late. */
  const [landed, [drawn, draw]] = [useRef(0), useState(0)]
  const wide = zoom.timeline
  const timeline = wide ?? snapshot?.matchTimeline ?? snapshot?.timeline ?? NO_TIMELINE
  const selectedMs = snapshot ? msAt(snapshot, state.cursor) : undefined

  const stopLooking = () => {
    looking.current?.abort()
    looking.current = undefined
    waiting.current = []
    setAsking(false)
  }
  const { generation } = state
  // biome-ignore lint/correctness/useExhaustiveDependencies: leaving the screen stops the search
  useEffect(() => stopLooking, [])

  const take = async (step: Step) => {
    const [first, ...others] = targetsOf(step, { ...timeline, isWide: wide !== undefined }, selectedMs, state.cursor)
    if (first === undefined) {
      // What is newer than the stream is in no history.
      const isPast = wide !== undefined || snapshot?.past != null || ("by" in step && step.by === -1)
      if (isPast && zoom.isRecorded && zoom.instead === undefined && zoom.canGo(1)) {
        waiting.current.unshift(step)
        return zoom.turn(1)
      }
      const where = wide ? shown`these bars` : shown`the buffer`
      return say(shown`there is no further error burst in ${where}`, "look")
    }
    const mine = new AbortController()
    looking.current = mine
    setAsking(true)
    const wasLive = state.following
    log.pause()
    let [target, found] = [first, await tail.find(generation, first, mine.signal)]
    for (const other of others) {
      if (found.ordinal !== null || mine.signal.aborted) break
      target = other
      found = { ...found, ...foundIn(await tail.find(generation, other, mine.signal)) }
    }
    if (mine.signal.aborted) return
    looking.current = undefined
    draw(++landed.current)
    setAsking(false)
    const ordinal = found.ordinal ?? found.oldest
    if (ordinal !== null) log.goTo(ordinal)
    else if (wasLive) log.resume()
    const trouble = "row" in target ? rowTrouble(found, target, others.length > 0) : troubleOf(found, target)
    if (trouble !== undefined) say(trouble, "look")
  }
  const selectedBar = state.following || selectedMs === undefined ? undefined : barOf(timeline, selectedMs)
  useEffect(() => {
    const [next] = waiting.current
    if (next === undefined || looking.current !== undefined || drawn !== landed.current || isChanging()) return
    if ("to" in next && zoom.isCounting) return
    // The rows of the step before may still be on their way.
    if (!("place" in next) && !isInSight(snapshot, state)) return
    waiting.current.shift()
    if ("act" in next) next.act({ timeline, selectedBar })
    else void take(next)
  })
  const [, wake] = useReducer((steps: number) => steps + 1, 0)
  const step = (step: Step | Act) => {
    waiting.current.push(step)
    wake()
  }
  return {
    timeline,
    selectedBar,
    /** A place is being looked for in entries older than the ring. */
    isLooking: isAsking && (snapshot?.isLooking || snapshot?.older.state === "loading"),
    /** Goes there, which pauses. */
    step,
    /** Does something once all steps are taken. */
    whenThere: (act: Act["act"]) => step({ act }),
    askTime: () => push(timeScreen, { go: place => step({ place }) }),
    stopLooking,
  }
}

/** The bars that are walked: of what is held, or over more than that. */
type Bars = Timeline & { readonly isWide: boolean }

/** Where the row of a search down was found; of a search up before it, the rest stays. */
const foundIn = ({ ordinal, id }: Found) => ({ ordinal, id })

/** Returns the targets of a step from the row at `cursor`, each in case the one before is not found. */
function targetsOf(step: Step, timeline: Bars, selectedMs: number | undefined, cursor: number): LogTarget[] {
  if ("row" in step) {
    const { row, by } = step
    if (by !== "nearest") return [{ row, by, from: cursor }]
    return [
      { row, by: -1, from: cursor + 1 },
      { row, by: 1, from: cursor },
    ]
  }
  const place = "place" in step ? step.place : placeOf(step, timeline, selectedMs)
  return place === undefined ? [] : [place]
}

/** Returns the place of a step by time from the row of `selectedMs`, if there is one. */
function placeOf(
  step: Extract<Step, { to: string }>,
  timeline: Bars,
  selectedMs: number | undefined,
): LogPlace | undefined {
  if (selectedMs === undefined) return undefined
  const { barMs } = timeline
  const { to, by } = step
  const bar = barOf(timeline, selectedMs)
  if (to === "bar" && timeline.isWide) return { ms: barAt(timeline, besideWith(timeline, bar, by)) }
  if (to === "bar") return by > 0 ? { ms: barAt(timeline, bar + 1) } : { before: barAt(timeline, bar), barMs }
  const bursts = burstsOf(timeline)
  const burst = by > 0 ? bursts.find(begin => begin > bar) : bursts.findLast(begin => begin < bar)
  // Its first error may be one that does not pass the filter.
  return burst === undefined ? undefined : { ms: barAt(timeline, burst), failedWithin: TOGETHER * barMs }
}

/** Returns the next bar with requests up (-1) or down (1) from one; without such, the one beside it. */
function besideWith({ ok, refused, failed }: Timeline, bar: number, by: 1 | -1): number {
  const isFilled = (at: number) => (ok[at] ?? 0) + (refused[at] ?? 0) + (failed[at] ?? 0) > 0
  for (let at = bar + by; at >= 0 && at < ok.length; at += by) if (isFilled(at)) return at
  return bar + by
}

/** Tells whether the selected row is in the snapshot, or there are no rows. */
const isInSight = (snapshot: TailSnapshot | null, { cursor }: LogState) =>
  snapshot === null || snapshot.start === snapshot.end || snapshot.rows[cursor - snapshot.rowsFrom] !== undefined

/** Returns the time of a row, ms since the epoch; a marker has that of the row before it. */
export function msAt({ rows, rowsFrom }: TailSnapshot, ordinal: number): number | undefined {
  for (let at = ordinal - rowsFrom; at >= 0; at--) {
    const row = rows[at]
    if (row?.kind === "entry") return row.at
  }
  return undefined
}

/** Returns the message about a search that did not find the place itself. */
function troubleOf({ ordinal, id, oldest, reach, older }: Found, place: LogPlace): Shown | undefined {
  if (ordinal !== null) {
    const isAnother = "id" in place && place.id !== id && place.id !== (id && readEntryName(id).id)
    return isAnother ? shown`${show(place.id)} is not among these rows: this is the next one` : undefined
  }
  if (older.state === "failed") return shown`older entries could not be read: ${show(older.reason)}`
  if (reach === null) return shown`nothing was read yet`
  const here = oldest === null ? shown`` : shown`; this is the oldest row`
  if (older.state === "beginning")
    return shown`nothing is older: ${beginningOf(older)} begins at ${timeOfDay(reach)}${here}`
  const further =
    older.state === "full" ? shown`narrow the filter to search further` : shown`the same again searches further`
  return shown`not found, searched back to ${timeOfDay(reach)}${here}; ${further}`
}

const beginningOf = ({ isOfHistory }: { readonly isOfHistory?: true }) =>
  isOfHistory ? shown`the history` : shown`the stream`

/** Returns the message about a step to a row that is not there; `nearest` looked both ways, first up. */
function rowTrouble({ ordinal, reach, older, rows }: Found, { row, by }: LogStep, nearest: boolean): Shown | undefined {
  const what = row === "failed" ? shown`failed request` : shown`match`
  if (ordinal !== null) return nearest && by > 0 ? shown`no ${what} before this row: this is the next one` : undefined
  if (!nearest && by > 0) return shown`no ${what} after this row`
  if (older.state === "failed") return shown`older entries could not be read: ${show(older.reason)}`
  const where = nearest ? shown`in the ${grouped(rows)} requests held` : shown`before this row`
  if (reach === null) return shown`no ${what} ${where}`
  if (older.state === "beginning")
    return shown`no ${what} ${where}: ${beginningOf(older)} begins at ${timeOfDay(reach)}`
  const further = older.state === "full" ? shown`narrow the filter to search further` : shown`N searches further`
  return shown`no ${what} ${where}, back to ${timeOfDay(reach)}; ${row === "failed" ? shown`the same again searches further` : further}`
}
