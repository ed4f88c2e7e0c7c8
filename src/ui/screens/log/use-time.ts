import { useEffect, useReducer, useRef, useState } from "react"
import { barAt, barOf, type Timeline } from "../../../domain/access-log-timeline.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { type Shown, show } from "../../../domain/safe-text.ts"
import { TOGETHER } from "../../../domain/unusual-bars.ts"
import type { Found, LogPlace, LogStep, LogTarget, TailSnapshot } from "../../../tail/protocol.ts"
import { useShell } from "../../kit/shell.ts"
import { useDebounced } from "../../runtime/use-debounced.ts"
import type { LogState } from "./log-state.ts"
import { noBurst, rowTrouble, troubleOf } from "./not-found-text.ts"
import { timeScreen } from "./time.tsx"
import { type Burst, nextBurst } from "./zoom/burst-search.ts"
import type { WideLevel } from "./zoom/levels.ts"
import type { ZoomModel } from "./zoom/use-zoom.ts"

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

/** Bars over more than what is held; `timeline` is undefined for what is held, and until they are counted. */
type Wider = Pick<ZoomModel, "timeline" | "isCounting" | "isRecorded" | "level" | "chosen" | "read" | "show">

/**
 * Moves through the log by time: looks places up in the tail, and moves `log` there; steps wait while the filter `isChanging`. Where the
 * bars hold no further burst, those of wider levels are looked at, and shown where one has it.
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
  const held = snapshot?.matchTimeline ?? snapshot?.timeline ?? NO_TIMELINE
  const timeline = wide ?? held
  const visited = useRef<{ readonly generation: number; readonly bursts: readonly Burst[] }>(undefined)
  const [isCounting, setCounting] = useState(false)
  const isSlow = useDebounced(isCounting) && isCounting
  const selectedMs = snapshot ? msAt(snapshot, state.cursor) : undefined

  const stopLooking = () => {
    looking.current?.abort()
    looking.current = undefined
    waiting.current = []
    setAsking(false)
    setCounting(false)
  }
  const { generation } = state
  // biome-ignore lint/correctness/useExhaustiveDependencies: leaving the screen stops the search
  useEffect(() => stopLooking, [])

  const visitedNow = () => (visited.current?.generation === generation ? visited.current.bursts : [])
  const burstBeside = async (by: 1 | -1, signal: AbortSignal) => {
    if (selectedMs === undefined) return undefined
    const past = snapshot?.past == null ? undefined : zoom.level === "held" ? "in sight" : "widened"
    const read = (level: WideLevel) => {
      setCounting(true)
      return zoom.read(level, signal)
    }
    const around = { held, past, chosen: zoom.chosen, visited: visitedNow() } as const
    return nextBurst(by, { rowMs: selectedMs, ...around, read: zoom.isRecorded ? read : undefined })
  }
  /** Goes to a burst; where there is none, all stays as it is. */
  const takeBurst = async (by: 1 | -1) => {
    const mine = new AbortController()
    looking.current = mine
    let trouble: Shown | undefined
    const burst = await burstBeside(by, mine.signal).catch(error => {
      trouble = show(asDeckError(error).message)
      return undefined
    })
    if (mine.signal.aborted) return
    looking.current = undefined
    setCounting(false)
    if (burst === undefined) {
      draw(++landed.current)
      return say(trouble ?? noBurst(zoom.isRecorded, by), "look")
    }
    // Its first error may be one that does not pass the filter.
    await look([{ ms: burst.ms, failedWithin: TOGETHER * burst.barMs }], () => {
      zoom.show(burst.level)
      if (by < 0) visited.current = { generation, bursts: [burst, ...visitedNow().filter(({ ms }) => ms > burst.ms)] }
    })
  }
  const take = async (step: Step) => {
    if ("to" in step && step.to === "burst") return takeBurst(step.by)
    await look(targetsOf(step, { ...timeline, isWide: wide !== undefined }, selectedMs, state.cursor))
  }
  /** Goes to the first of some targets that is found. */
  const look = async ([first, ...others]: readonly LogTarget[], whenFound = () => {}) => {
    if (first === undefined) return
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
    if (found.ordinal !== null) whenFound()
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
    isLooking: isSlow || (isAsking && (snapshot?.isLooking || snapshot?.older.state === "loading")),
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
  const place = "place" in step ? step.place : placeOf(step.by, timeline, selectedMs)
  return place === undefined ? [] : [place]
}

/** Returns the place of a step by bars from the row of `selectedMs`, if there is one. */
function placeOf(by: 1 | -1, timeline: Bars, selectedMs: number | undefined): LogPlace | undefined {
  if (selectedMs === undefined) return undefined
  const { barMs } = timeline
  const bar = barOf(timeline, selectedMs)
  if (timeline.isWide) return { ms: barAt(timeline, besideWith(timeline, bar, by)) }
  return by > 0 ? { ms: barAt(timeline, bar + 1) } : { before: barAt(timeline, bar), barMs }
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
