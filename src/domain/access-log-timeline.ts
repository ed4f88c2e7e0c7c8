import { FAILED, REFUSED, statusClassAt } from "./status-class.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** What requests end in, the worst last: 4xx is a refusal, 5xx an error, and `ok` is everything else. */
const OUTCOMES = ["ok", "refused", "failed"] as const
export type Outcome = (typeof OUTCOMES)[number]

/** How many requests ended in what, over time. The bars are equally wide, and each begins at a multiple of its width. */
export interface Timeline extends Readonly<Record<Outcome, readonly number[]>> {
  /** When the first bar begins, in ms since the epoch. */
  readonly from: number
  /** How wide a bar is, in ms. */
  readonly barMs: number
}

/** Entries by when the stream took them, in any order: ids go back where a stream is made anew. */
export interface Times {
  /** Calls `visit` for each with its milliseconds and its place in `OUTCOMES`. */
  eachTime(visit: (ms: number, outcome: number) => void): void
}

/** The entry's place in `OUTCOMES`. */
export function outcomeOf(entry: StreamEntry): number {
  const status = statusClassAt(entry.number("status"))
  return OUTCOMES.indexOf(status === FAILED ? "failed" : status === REFUSED ? "refused" : "ok")
}

const EMPTY: Timeline = { from: 0, barMs: 1000, ok: [], refused: [], failed: [] }

/** The timeline of some entries in at most `most` bars, as wide as those of `last` where that will do. */
export function timelineOf(times: Times, most: number, last: Timeline = EMPTY): Timeline {
  let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  times.eachTime(ms => {
    if (ms < oldest) oldest = ms
    if (ms > newest) newest = ms
  })
  if (most < 1 || oldest > newest) return EMPTY
  const barMs = widthFor(oldest, newest, most, last.barMs)
  const first = Math.floor(oldest / barMs)
  const counts = OUTCOMES.map(() => new Array<number>(barsOf(oldest, newest, barMs)).fill(0))
  times.eachTime((ms, outcome) => {
    const row = counts[outcome] as number[]
    const bar = Math.floor(ms / barMs) - first
    row[bar] = (row[bar] as number) + 1
  })
  const [ok = [], refused = [], failed = []] = counts
  return { from: first * barMs, barMs, ok, refused, failed }
}

/** When a bar begins, in ms since the epoch. */
export const barAt = ({ from, barMs }: Timeline, index: number): number => from + index * barMs

/** Which bar a moment (ms since the epoch) falls into; there may be none at that place. */
export const barOf = ({ from, barMs }: Timeline, ms: number): number => Math.floor((ms - from) / barMs)

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Widths that clocks are read in, in ms; beyond a day it is doubled. */
const WIDTHS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map(seconds => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(minutes => minutes * MINUTE),
  ...[1, 2, 6, 12].map(hours => hours * HOUR),
]

const barsOf = (oldest: number, newest: number, barMs: number) =>
  Math.floor(newest / barMs) - Math.floor(oldest / barMs) + 1

/** The narrowest that fits; the last one stays until one that is narrower fits with room to spare, or bars would flicker. */
function widthFor(oldest: number, newest: number, most: number, last: number): number {
  const narrowest = (room: number) => {
    let barMs = WIDTHS.find(width => barsOf(oldest, newest, width) <= room) ?? DAY
    while (barsOf(oldest, newest, barMs) > room) barMs *= 2
    return barMs
  }
  const stays = barsOf(oldest, newest, last) <= most && narrowest(Math.max(1, Math.floor(most * 0.8))) >= last
  return stays ? last : narrowest(most)
}
