import type { Timeline } from "../../../../domain/access-log-timeline.ts"
import { type Shown, show, shown } from "../../../../domain/safe-text.ts"
import type { TailSnapshot } from "../../../../tail/protocol.ts"
import { useScreenState, useShell } from "../../../kit/shell.ts"
import { useStore } from "../../../runtime/use-store.ts"
import { age } from "../../../widgets/format.ts"
import type { BarsAround } from "./burst-search.ts"
import { barsAround, type Level, levelBeside, type WideBars, type WideLevel } from "./levels.ts"
import { type Question, useCounted } from "./use-counted.ts"

/** How often the bars up to now are counted again, in ms. */
const EVERY_MS: Readonly<Record<WideLevel, number>> = { hour: 20_000, day: 60_000, week: 300_000 }

/** Model of the zoom. */
export type ZoomModel = ReturnType<typeof useZoom>

/** The level of the histogram: the one that the operator chose, or a wider one that shows a burst they went to. */
interface Zoomed {
  readonly chosen: Level
  readonly level: Level
}

/** Keeps the level of the histogram. */
export const useLevel = () => useScreenState<Zoomed>("zoom", () => ({ chosen: "held", level: "held" }))

/**
 * Makes the bars of the level. One wider than what is held is counted by the engine, from stream and history, in at most
 * `most` bars. `rowMs` is when the selected row came, undefined while the log is live.
 */
export function useZoom(
  [{ chosen, level }, setLevel]: ReturnType<typeof useLevel>,
  snapshot: TailSnapshot | null,
  rowMs: number | undefined,
  most: number,
) {
  const { recorder, deck } = useShell()
  const isRecorded = useStore(recorder.states) != null
  const filter = snapshot?.filter ?? ""
  const bars =
    level === "held" || !isRecorded || snapshot === null ? undefined : barsAround(level, rowMs, snapshot.now, most)
  const questionOf = (of: WideBars): Question<Timeline> => ({
    key: [of.level, of.untilMs === undefined ? "now" : of.fromMs, of.stepMs, filter].join(" "),
    group: `${of.level} ${filter}`,
    ask: async signal => (await import("./read-bars.ts")).readBars(deck, filter, of, signal),
    everyMs: of.untilMs === undefined ? EVERY_MS[of.level] : undefined,
  })
  const { answer: timeline, failure, isSlow, read } = useCounted(bars && questionOf(bars))
  const instead = (): Shown | undefined => {
    if (level === "held" || timeline) return undefined
    if (!isRecorded) return notRecorded(snapshot)
    return failure === undefined ? shown`${isSlow ? shown`counting…` : shown``}` : shown`▲ ${show(failure)}`
  }
  return {
    level,
    /** The level that the operator chose. */
    chosen,
    /** Whether there is a history to be asked. */
    isRecorded,
    /** Bars of the level; undefined for what is held, and until they are counted. */
    timeline,
    /** The bars of the level are not there yet. */
    isCounting: level !== "held" && isRecorded && timeline === undefined && failure === undefined,
    /** What is told in the place of bars that are not there. */
    instead: instead(),
    canGo: (by: 1 | -1) => levelBeside(level, by) !== undefined,
    turn: (by: 1 | -1) =>
      setLevel(from => {
        const next = levelBeside(from.level, by) ?? from.level
        return { chosen: next, level: next }
      }),
    /** Shows a level until the operator goes back to the one they chose. */
    show: (of: Level) => setLevel(from => ({ ...from, level: of })),
    showChosen: () => setLevel(from => ({ ...from, level: from.chosen })),
    /** Counts the bars of a level around the selected row, without showing them. Throws DeckError; the signal ends the engine's query. */
    read: async (of: WideLevel, signal: AbortSignal): Promise<BarsAround> => {
      const around = barsAround(of, rowMs, snapshot?.now ?? 0, most)
      return { timeline: await read(questionOf(around), signal), isUpToNow: around.untilMs === undefined }
    },
  }
}

/** Says why there are no wider bars. */
function notRecorded(snapshot: TailSnapshot | null): Shown {
  const held = snapshot === null ? 0 : snapshot.now - snapshot.timeline.from
  return shown`the stream holds ${age(held)}; opsdeck record keeps days`
}
