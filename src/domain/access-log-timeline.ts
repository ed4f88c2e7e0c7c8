import { FAILED, REFUSED } from "./status-class.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** Outcomes of requests, worst last: 4xx is a refusal, 5xx an error, and `ok` everything else. */
const OUTCOMES = ["ok", "refused", "failed"] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Number of requests by outcome over time. All bars have the same width, and each begins at a multiple of it. */
export interface Timeline extends Readonly<Record<Outcome, readonly number[]>> {
  /** Start of the first bar, in ms since the epoch. */
  readonly from: number
  /** Width of a bar, in ms. */
  readonly barMs: number
}

/** Times of entries in the stream, in any order: ids go back where a stream was recreated. */
export interface Times {
  /** Calls `visit` for each entry with its time, in milliseconds, and the index of its outcome in `OUTCOMES`. */
  eachTime(visit: (ms: number, outcome: number) => void): void
}

/** Returns the index of the entry's outcome in `OUTCOMES`. */
export function outcomeOf(entry: StreamEntry): number {
  const status = entry.statusClass
  return OUTCOMES.indexOf(status === FAILED ? "failed" : status === REFUSED ? "refused" : "ok")
}

const EMPTY: Timeline = { from: 0, barMs: 1000, ok: [], refused: [], failed: [] }

/** Returns the timeline of some entries in at most `most` bars, as wide as those of `last` where possible. */
export function timelineOf(times: Times, most: number, last: Timeline = EMPTY): Timeline {
  let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  times.eachTime(ms => {
    if (ms < oldest) oldest = ms
    if (ms > newest) newest = ms
  })
  if (most < 1 || oldest > newest) return EMPTY
  const barMs = widthFor(oldest, newest, most, last.barMs)
  return countedIn(times, Math.floor(oldest / barMs) * barMs, barMs, barsOf(oldest, newest, barMs))
}

/** Returns the timeline of some of the entries of `whole`, in the same bars. */
export const partOf = (whole: Timeline, times: Times): Timeline =>
  countedIn(times, whole.from, whole.barMs, whole.ok.length)

function countedIn(times: Times, from: number, barMs: number, bars: number): Timeline {
  const first = Math.round(from / barMs)
  const counts = OUTCOMES.map(() => new Array<number>(bars).fill(0))
  times.eachTime((ms, outcome) => {
    const row = counts[outcome] as number[]
    const bar = Math.floor(ms / barMs) - first
    if (bar >= 0 && bar < bars) row[bar] = (row[bar] as number) + 1
  })
  const [ok = [], refused = [], failed = []] = counts
  return { from, barMs, ok, refused, failed }
}

/** Returns when a bar begins, in ms since the epoch. */
export const barAt = ({ from, barMs }: Timeline, index: number): number => from + index * barMs

/** Returns the index of the bar of a moment (ms since the epoch), which may be outside the timeline. */
export const barOf = ({ from, barMs }: Timeline, ms: number): number => Math.floor((ms - from) / barMs)

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Widths of bars that clocks are read in, in ms; above them a day, doubled as needed. */
const WIDTHS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map(seconds => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(minutes => minutes * MINUTE),
  ...[1, 2, 6, 12].map(hours => hours * HOUR),
]

const barsOf = (oldest: number, newest: number, barMs: number) =>
  Math.floor(newest / barMs) - Math.floor(oldest / barMs) + 1

/** Returns the narrowest width of a bar with which a span takes at most `most` of them; all in ms. */
export function narrowestFor(oldest: number, newest: number, most: number): number {
  let barMs = WIDTHS.find(width => barsOf(oldest, newest, width) <= most) ?? DAY
  while (barsOf(oldest, newest, barMs) > most) barMs *= 2
  return barMs
}

/** Returns the narrowest width that fits; `last` until a narrower one has room to spare, or bars would flicker. */
function widthFor(oldest: number, newest: number, most: number, last: number): number {
  const narrowest = (room: number) => narrowestFor(oldest, newest, room)
  const stays = barsOf(oldest, newest, last) <= most && narrowest(Math.max(1, Math.floor(most * 0.8))) >= last
  return stays ? last : narrowest(most)
}
