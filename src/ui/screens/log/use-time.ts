import { useEffect, useReducer, useRef, useState } from "react"
import { barAt, barOf, type Timeline } from "../../../domain/access-log-timeline.ts"
import { burstsOf, TOGETHER } from "../../../domain/bursts.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Found, LogTarget, TailSnapshot } from "../../../tail/protocol.ts"
import { useShell } from "../../kit/shell.ts"
import { timeOfDay } from "../../widgets/format.ts"
import type { LogState } from "./log-state.ts"
import { timeScreen } from "./time.tsx"

/** Step through the time of the log: to the bar beside that of the selected row, to a burst of errors, or to a place. */
type Step = { readonly to: "bar" | "burst"; readonly by: 1 | -1 } | { readonly place: LogTarget }

interface Cursor {
  pause(): void
  goTo(ordinal: number): void
}

const NO_TIMELINE: Timeline = { from: 0, barMs: 1, ok: [], refused: [], failed: [] }

/** Moves through the log by time: looks places up in the tail, and moves `log` there. */
export function useTime(snapshot: TailSnapshot | null, state: LogState, log: Cursor) {
  const { tail, push, say } = useShell()
  const looking = useRef<AbortController>(undefined)
  const [isAsking, setAsking] = useState(false)
  /** Steps to take one after another, each from the result of the one before. */
  const waiting = useRef<Step[]>([])
  const timeline = snapshot?.matchTimeline ?? snapshot?.timeline ?? NO_TIMELINE
  const selectedMs = snapshot ? msAt(snapshot, state.cursor) : undefined

  const stopLooking = () => {
    looking.current?.abort()
    looking.current = undefined
    waiting.current = []
    setAsking(false)
  }
  const { generation } = state
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter, or leaving the screen, stops the search
  useEffect(() => stopLooking, [generation])

  const take = async (step: Step) => {
    const place = placeOf(step, timeline, selectedMs)
    if (place === undefined) return say(shown`there is no further error burst in the buffer`, "look")
    const mine = new AbortController()
    looking.current = mine
    setAsking(true)
    log.pause()
    const found = await tail.find(generation, place, mine.signal)
    if (mine.signal.aborted) return
    looking.current = undefined
    setAsking(false)
    if (found.ordinal !== null) log.goTo(found.ordinal)
    const trouble = troubleOf(found, place)
    if (trouble !== undefined) say(trouble, "look")
  }
  useEffect(() => {
    const [next] = waiting.current
    if (next === undefined || looking.current !== undefined) return
    // The rows of the step before may still be on their way.
    if (!("place" in next) && !isInSight(snapshot, state)) return
    waiting.current.shift()
    void take(next)
  })
  const [, wake] = useReducer((steps: number) => steps + 1, 0)
  const step = (step: Step) => {
    waiting.current.push(step)
    wake()
  }
  return {
    /** Bar of the selected row; undefined while live, and for rows without a time. */
    selectedBar: state.following || selectedMs === undefined ? undefined : barOf(timeline, selectedMs),
    /** A place is being looked for in entries older than the ring. */
    isLooking: isAsking && snapshot?.older.state === "loading",
    /** Goes there, which pauses. */
    step,
    askTime: () => push(timeScreen, { go: place => step({ place }) }),
    stopLooking,
  }
}

/** Returns the target of a step from the row of `selectedMs`, if there is one. */
function placeOf(step: Step, timeline: Timeline, selectedMs: number | undefined): LogTarget | undefined {
  if ("place" in step) return step.place
  if (selectedMs === undefined) return undefined
  const { barMs } = timeline
  const { to, by } = step
  const bar = barOf(timeline, selectedMs)
  if (to === "bar") return by > 0 ? { ms: barAt(timeline, bar + 1) } : { before: barAt(timeline, bar), barMs }
  const bursts = burstsOf(timeline)
  const burst = by > 0 ? bursts.find(begin => begin > bar) : bursts.findLast(begin => begin < bar)
  // Its first error may be one that does not pass the filter.
  return burst === undefined ? undefined : { ms: barAt(timeline, burst), failedWithin: TOGETHER * barMs }
}

/** Tells whether the selected row is in the snapshot, or there are no rows. */
const isInSight = (snapshot: TailSnapshot | null, { cursor }: LogState) =>
  snapshot === null || snapshot.start === snapshot.end || snapshot.rows[cursor - snapshot.rowsFrom] !== undefined

/** Returns the time of a row, ms since the epoch; a marker has that of the row before it. */
function msAt({ rows, rowsFrom }: TailSnapshot, ordinal: number): number | undefined {
  for (let at = ordinal - rowsFrom; at >= 0; at--) {
    const row = rows[at]
    if (row?.kind === "entry") return row.at
  }
  return undefined
}

/** Returns the message about a search that did not find the place itself. */
function troubleOf({ ordinal, id, reach, older }: Found, place: LogTarget): Shown | undefined {
  if (ordinal !== null) {
    const isAnother = "id" in place && place.id !== id
    return isAnother ? shown`${show(place.id)} is not among these rows: this is the next one` : undefined
  }
  if (older.state === "failed") return shown`older entries could not be read: ${show(older.reason)}`
  if (reach === null) return shown`nothing was read yet`
  if (older.state === "beginning") return shown`nothing is older: the stream begins at ${timeOfDay(reach)}`
  const further =
    older.state === "full" ? shown`narrow the filter to search further` : shown`the same again searches further`
  return shown`not found, searched back to ${timeOfDay(reach)}; ${further}`
}
