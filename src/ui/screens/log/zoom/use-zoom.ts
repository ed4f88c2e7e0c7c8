import { type Shown, show, shown } from "../../../../domain/safe-text.ts"
import type { TailSnapshot } from "../../../../tail/protocol.ts"
import { useScreenState, useShell } from "../../../kit/shell.ts"
import { useStore } from "../../../runtime/use-store.ts"
import { age } from "../../../widgets/format.ts"
import { barsAround, type Level, levelBeside, type WideLevel } from "./levels.ts"
import { useCounted } from "./use-counted.ts"

/** How often the bars up to now are counted again, in ms. */
const EVERY_MS: Readonly<Record<WideLevel, number>> = { hour: 20_000, day: 60_000, week: 300_000 }

/** Model of the zoom. */
export type ZoomModel = ReturnType<typeof useZoom>

/** Keeps the level of the histogram. */
export const useLevel = () => useScreenState<Level>("zoom", () => "held")

/**
 * Makes the bars of the level. One wider than what is held is counted by the engine, from stream and history, in at most
 * `most` bars. `rowMs` is when the selected row came, undefined while the log is live.
 */
export function useZoom(
  [level, setLevel]: ReturnType<typeof useLevel>,
  snapshot: TailSnapshot | null,
  rowMs: number | undefined,
  most: number,
) {
  const { recorder, deck } = useShell()
  const isRecorded = useStore(recorder.states) != null
  const filter = snapshot?.filter ?? ""
  const bars =
    level === "held" || !isRecorded || snapshot === null ? undefined : barsAround(level, rowMs, snapshot.now, most)
  const {
    answer: timeline,
    failure,
    isSlow,
  } = useCounted(
    bars && {
      key: [bars.level, bars.untilMs === undefined ? "now" : bars.fromMs, bars.stepMs, filter].join(" "),
      group: `${bars.level} ${filter}`,
      ask: async signal => (await import("./read-bars.ts")).readBars(deck, filter, bars, signal),
      everyMs: bars.untilMs === undefined ? EVERY_MS[bars.level] : undefined,
    },
  )
  const instead = (): Shown | undefined => {
    if (level === "held" || timeline) return undefined
    if (!isRecorded) return notRecorded(snapshot)
    return failure === undefined ? shown`${isSlow ? shown`counting…` : shown``}` : shown`▲ ${show(failure)}`
  }
  return {
    level,
    /** Whether there is a history to be asked. */
    isRecorded,
    /** Bars of the level; undefined for what is held, and until they are counted. */
    timeline,
    /** The bars of the level are not there yet. */
    isCounting: level !== "held" && isRecorded && timeline === undefined && failure === undefined,
    /** What is told in the place of bars that are not there. */
    instead: instead(),
    canGo: (by: 1 | -1) => levelBeside(level, by) !== undefined,
    turn: (by: 1 | -1) => setLevel(from => levelBeside(from, by) ?? from),
  }
}

/** Says why there are no wider bars. */
function notRecorded(snapshot: TailSnapshot | null): Shown {
  const held = snapshot === null ? 0 : snapshot.now - snapshot.timeline.from
  return shown`the stream holds ${age(held)}; opsdeck record keeps days`
}
