import { narrowestFor, type Timeline } from "../../../../domain/access-log-timeline.ts"
import type { TimeWindow } from "../../../../domain/time-window.ts"

const HOUR_MS = 3_600_000

/** How much time the histogram shows: what is held, or as long, in ms. */
const SPANS = { held: undefined, hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const
export type Level = keyof typeof SPANS
/** A level that is counted by the history. */
export type WideLevel = Exclude<Level, "held">

const LEVELS = Object.keys(SPANS) as Level[]

/** Returns the next wider level (1) or the next narrower one (-1); undefined for none. */
export const levelBeside = (level: Level, by: 1 | -1): Level | undefined => LEVELS[LEVELS.indexOf(level) + by]

/** The levels from one on that are counted by the history, the narrowest first. */
export const levelsFrom = (level: Level): WideLevel[] =>
  LEVELS.slice(LEVELS.indexOf(level)).filter((one): one is WideLevel => one !== "held")

/** The bars of a level: when they begin, when they end, where that is not now, and how wide one is; all in ms. */
export interface WideBars {
  readonly level: WideLevel
  readonly fromMs: number
  readonly untilMs: number | undefined
  readonly stepMs: number
}

/**
 * Returns the bars of a level in at most `most` of them: those up to now, and for a row of an earlier time those around it, by
 * half a level, so that they stay while one walks.
 */
export function barsAround(level: WideLevel, rowMs: number | undefined, now: number, most: number): WideBars {
  const span = SPANS[level]
  const stepMs = Math.max(1_000, narrowestFor(0, span, Math.max(2, most)))
  const newest = Math.floor(now / stepMs) * stepMs + stepMs - span
  if (rowMs === undefined || rowMs >= newest) return { level, fromMs: newest, untilMs: undefined, stepMs }
  const half = span / 2
  const fromMs = Math.floor((Math.floor(rowMs / half) * half - half / 2) / stepMs) * stepMs
  return { level, fromMs: Math.min(fromMs, newest), untilMs: Math.min(fromMs, newest) + span, stepMs }
}

/** What `log histogram` says of a bar. */
interface CountedBar {
  readonly requests: number
  readonly refused: number
  readonly failed: number
}

/** Returns counted bars as a timeline. */
export const timelineOfBars = ({ fromMs }: TimeWindow, barMs: number, bars: readonly CountedBar[]): Timeline => ({
  from: fromMs,
  barMs,
  ok: bars.map(({ requests, refused, failed }) => requests - refused - failed),
  refused: bars.map(({ refused }) => refused),
  failed: bars.map(({ failed }) => failed),
})
