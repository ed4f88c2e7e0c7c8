import { barAt, barOf, type Timeline } from "../../../../domain/access-log-timeline.ts"
import { burstsOf } from "../../../../domain/bursts.ts"
import { type Level, levelsFrom, type WideLevel } from "./levels.ts"

/** A burst of errors: when the bar begins in which it does, how wide that is, in ms, and the level that shows it. */
export interface Burst {
  readonly level: Level
  readonly ms: number
  readonly barMs: number
}

/** Bars of a level around a row. */
export interface BarsAround {
  readonly timeline: Timeline
  readonly isUpToNow: boolean
}

/** Where a burst is looked for. */
export interface BurstSearch {
  /** When the row came from which it is looked for, in ms since the epoch. */
  readonly rowMs: number
  /** The level that the operator chose: no narrower one is looked at. */
  readonly chosen: Level
  /** Bars of what is held. */
  readonly held: Timeline
  /** The row is one of the past, which the bars of what is held are around, as long as they are shown. */
  readonly past: "in sight" | "widened" | undefined
  /** Counts the bars of a wider level around the row; undefined where nothing is recorded. */
  readonly read: ((level: WideLevel) => Promise<BarsAround>) | undefined
  /** Bursts that were gone to on the way back, the oldest first. */
  readonly visited: readonly Burst[]
}

/**
 * Returns the burst before (-1) or after (1) a row: in the bars of what is held, else in those of the narrowest level that has one. On
 * the way towards the present those that were gone to on the way back are gone to again, though wider bars do not show them.
 */
export async function nextBurst(by: 1 | -1, search: BurstSearch): Promise<Burst | undefined> {
  const { rowMs, chosen, held, past, read, visited } = search
  const isHeld = chosen === "held" && (past === undefined ? rowMs >= held.from : past === "in sight")
  const beside = isHeld ? burstBeside(held, "held", rowMs, by) : undefined
  // Nothing is newer than what is held.
  if (beside || (isHeld && by > 0 && past === undefined)) return beside
  const wider = read && (await widerBurst(by, rowMs, chosen, read))
  if (by < 0) return wider
  const newest = chosen === "held" && past === undefined ? burstBeside(held, "held", rowMs, 1) : undefined
  const known = [...visited, ...(newest ? [newest] : [])].find(({ ms }) => ms > rowMs)
  // In the same bar it is the same one.
  return known && (wider === undefined || known.ms < wider.ms + wider.barMs) ? known : wider
}

async function widerBurst(by: 1 | -1, rowMs: number, chosen: Level, read: NonNullable<BurstSearch["read"]>) {
  for (const level of levelsFrom(chosen)) {
    const { timeline, isUpToNow } = await read(level)
    const burst = burstBeside(timeline, level, rowMs, by)
    if (burst || (by > 0 && isUpToNow)) return burst
  }
  return undefined
}

function burstBeside(timeline: Timeline, level: Level, rowMs: number, by: 1 | -1): Burst | undefined {
  const bar = barOf(timeline, rowMs)
  const bursts = burstsOf(timeline)
  const begin = by > 0 ? bursts.find(at => at > bar) : bursts.findLast(at => at < bar)
  return begin === undefined ? undefined : { level, ms: barAt(timeline, begin), barMs: timeline.barMs }
}
