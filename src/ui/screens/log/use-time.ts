import { useEffect, useReducer, useRef, useState } from "react"
import { barAt, barOf, type Timeline } from "../../../domain/access-log-timeline.ts"
import { burstsOf, TOGETHER } from "../../../domain/bursts.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { parseStreamId } from "../../../domain/stream-entry.ts"
import type { Found, LogTarget, TailSnapshot } from "../../../tail/protocol.ts"
import { useShell } from "../../kit/shell.ts"
import { timeOfDay } from "../../widgets/format.ts"
import type { LogState } from "./log-state.ts"
import { timeScreen } from "./time.tsx"

/** A way through the time of the log: to a bar beside that of the selected row, to a burst of errors, or to a place. */
type Step = { readonly to: "bar" | "burst"; readonly by: 1 | -1 } | { readonly place: LogTarget }

/** The log as far as time goes. */
export interface TimeModel {
  /** The bar of the selected row; undefined while live, and where that row has none. */
  readonly selectedBar: number | undefined
  /** A place is being looked for further back than what is held. */
  readonly isLooking: boolean
  /** Goes there, which pauses; one step after another. */
  step(step: Step): void
  /** Asks for a time, and goes there. */
  askTime(): void
  /** No longer looks for a place. */
  stopLooking(): void
}

interface Going {
  pause(): void
  goTo(ordinal: number): void
}

const NO_TIMELINE: Timeline = { from: 0, barMs: 1, ok: [], refused: [], failed: [] }

/** Walks the log by time: looks a place up in the tail, and has `going` go there. */
export function useTime(snapshot: TailSnapshot | null, state: LogState, going: Going): TimeModel {
  const { tail, push, say } = useShell()
  const looking = useRef<AbortController>(undefined)
  const [isAsking, setAsking] = useState(false)
  /** Steps to be taken one after another, each from where the one before led. */
  const waiting = useRef<Step[]>([])
  const timeline = snapshot?.timeline ?? NO_TIMELINE
  const selectedMs = snapshot ? msAt(snapshot, state.cursor) : undefined

  const stopLooking = () => {
    looking.current?.abort()
    looking.current = undefined
    waiting.current = []
    setAsking(false)
  }
  const { generation } = state
  // biome-ignore lint/correctness/useExhaustiveDependencies: under another filter, and from another screen, nobody waits for it
  useEffect(() => stopLooking, [generation])

  const take = async (step: Step) => {
    const place = placeOf(step, timeline, selectedMs)
    if (place === undefined) return say(shown`there is no other burst of errors that way in what is held`, "look")
    const mine = new AbortController()
    looking.current = mine
    setAsking(true)
    going.pause()
    const found = await tail.find(generation, place, mine.signal)
    if (mine.signal.aborted) return
    looking.current = undefined
    setAsking(false)
    if (found.ordinal !== null) going.goTo(found.ordinal)
    const trouble = troubleOf(found, place)
    if (trouble !== undefined) say(trouble, "look")
  }
  useEffect(() => {
    const [next] = waiting.current
    if (next === undefined || looking.current !== undefined) return
    // The rows of where the step before led may still be on their way.
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
    selectedBar: state.following || selectedMs === undefined ? undefined : barOf(timeline, selectedMs),
    isLooking: isAsking && snapshot?.older.state === "loading",
    step,
    askTime: () => push(timeScreen, { go: place => step({ place }) }),
    stopLooking,
  }
}

/** Where a step leads from the row of `selectedMs`; undefined where there is nothing to go to. */
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

/** Whether there is the selected row to step from, as far as there are any. */
const isInSight = (snapshot: TailSnapshot | null, { cursor }: LogState) =>
  snapshot === null || snapshot.start === snapshot.end || snapshot.rows[cursor - snapshot.rowsFrom] !== undefined

/** When the row was logged, in ms since the epoch: a marker stands where the row before it does. */
function msAt({ rows, rowsFrom }: TailSnapshot, ordinal: number): number | undefined {
  for (let at = ordinal - rowsFrom; at >= 0; at--) {
    const row = rows[at]
    if (row?.kind === "entry") return parseStreamId(row.entry.id)[0]
  }
  return undefined
}

/** What is to be said of what was found, or was not. */
function troubleOf({ ordinal, id, reach, older }: Found, place: LogTarget): Shown | undefined {
  if (ordinal !== null) {
    const isAnother = "id" in place && place.id !== id
    return isAnother ? shown`${show(place.id)} is not among these rows: this is the next one` : undefined
  }
  if (older.state === "failed") return shown`older entries could not be read: ${show(older.reason)}`
  if (reach === null) return shown`nothing was read yet`
  if (older.state === "beginning") return shown`nothing is older: the stream begins at ${timeOfDay(reach)}`
  const further =
    older.state === "full" ? shown`narrow the filter to look further` : shown`the same again looks further`
  return shown`not found, looked back to ${timeOfDay(reach)}; ${further}`
}
