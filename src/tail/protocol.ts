import type { AccessLogEntry } from "../domain/access-log.ts"
import type { AccessLogStatistics } from "../domain/access-log-stats.ts"
import type { Timeline } from "../domain/access-log-timeline.ts"
import type { AlertState } from "../domain/alerts/rule-watch.ts"
import type { MoversSnapshot, MoversWatch } from "../domain/movers/movers-snapshot.ts"
import type { ThresholdTally } from "../domain/threshold-count.ts"
import type { TimeTarget } from "../domain/time-target.ts"
import type { Link } from "./link.ts"
import type { Marker } from "./ring.ts"

/** What the console tells the tail. Plain data: the two run in threads of their own. */
export type TailCommand =
  | ({ readonly type: "filter" } & LogFilter)
  | { readonly type: "view"; readonly view: View }
  | { readonly type: "older" }
  | { readonly type: "inspect"; readonly generation: number; readonly ordinal: number }
  /** Asks where a place is among the matches of a generation. */
  | { readonly type: "find"; readonly generation: number; readonly place: LogTarget }
  /** What was asked for last is to be looked for no more. */
  | { readonly type: "leave" }
  /** Counts whom a risk threshold (0 to 1) would have hit of what the ring holds. */
  | { readonly type: "count"; readonly threshold: number }
  /** The alert rules that count from now on. */
  | { readonly type: "alerts"; readonly rules: readonly string[] }
  /** What to tell of the movers from now on; null for nothing. */
  | { readonly type: "movers"; readonly watch: MoversWatch | null }
  /** Asks for a page of what passes `filter`, whichever is in force; from the newest on without a place. */
  | { readonly type: "page"; readonly filter: LogFilter; readonly place: PageStart | undefined }
  /** The last snapshot has been drawn; the next may come. */
  | { readonly type: "drawn" }

/** Which entries to show, and where to begin. */
export interface LogFilter {
  /** The expression, as typed. */
  readonly text: string
  /** What the values of its `user:` terms stand for. */
  readonly users: ReadonlyMap<string, readonly string[]>
  /** The id of an entry to stay at; null for the newest. */
  readonly stayAt: string | null
}

/** Which rows the console wants to be kept supplied with. */
export interface View {
  /** The newest rows, whatever they are; otherwise `rows` of them from `top`. */
  readonly following: boolean
  readonly top: number
  readonly rows: number
  /** How many bars the timeline may have. */
  readonly bars: number
}

export type TailRow = { readonly kind: "entry"; readonly entry: AccessLogEntry } | Marker

/** Everything about the tail that the console shows, as of one moment. Never changed once published. */
export interface TailSnapshot {
  /** Rises with every filter; ordinals of different generations have nothing to do with each other. */
  readonly generation: number
  readonly filter: string
  readonly link: Link
  readonly statistics: AccessLogStatistics
  /** Entries read since the console opened. */
  readonly seen: number
  /** Entries in the ring now. */
  readonly held: number
  /** How many of those match; the other matches are older pages. */
  readonly matching: number
  /** The lowest ordinal of a match, and one beyond the highest. */
  readonly start: number
  readonly end: number
  /** Rows by ordinal from `rowsFrom` on: those asked for, and as many on either side. */
  readonly rowsFrom: number
  readonly rows: readonly TailRow[]
  /** Share of the ring that the filter has been tried on, 0 to 1. */
  readonly scanned: number
  readonly older: Older
  /** Where the entry is that the filter was to stay at, or the next one that passes; null for none, and while it is looked for. */
  readonly stayedAt: number | null
  /** Seconds until the top row of the view leaves the ring at the present rate; null when it is not filling. */
  readonly leavesInSeconds: number | null
  /** Of everything in the ring, whatever the filter; at most a second old. */
  readonly timeline: Timeline
  /** As last watched, at most a second old; null while nobody watches. */
  readonly movers: MoversSnapshot | null
  /** How each alert rule stands. */
  readonly alerts: readonly AlertState[]
}

/** How far back the view reaches. */
export type Older =
  | { readonly state: "more" | "loading" | "full"; readonly lookedBackTo: number | null }
  | { readonly state: "beginning" }
  | { readonly state: "failed"; readonly reason: string }

/**
 * Where to go: to the first match from a moment (ms since the epoch) or an entry on; to the first error that came so many ms
 * after it, if there is one; or to the first of the bar that holds the last match before a moment, bars being so wide.
 */
export type LogTarget =
  | TimeTarget
  | { readonly ms: number; readonly failedWithin: number }
  | { readonly before: number; readonly barMs: number }

/** Where a place is among the matches: an ordinal; null where it was not found, since the matches reach back to `reach` only. */
export interface Found {
  readonly ordinal: number | null
  /** Of the entry there; null for none. */
  readonly id: string | null
  /** In ms since the epoch; null before anything was read. */
  readonly reach: number | null
  readonly older: Older
}

/** One entry whole: every field as the stream holds it, duplicates included. */
export interface Inspection {
  readonly ordinal: number
  readonly entry: AccessLogEntry
  readonly pairs: readonly (readonly [name: string, value: string])[]
}

/**
 * Where a page of matches begins: at a number of the ring, or before an id of the stream. Once the ring is through, which
 * reached down to `lowest` when it was begun, it goes on before the id; null where the stream holds nothing older, since
 * it was made anew.
 */
export type PageStart =
  | { readonly number: number; readonly lowest: number; readonly before: string | null }
  | { readonly before: string }

/** Some matches, newest first, and where the next begin; null at the end. */
export interface MatchPage {
  readonly entries: readonly AccessLogEntry[]
  readonly next: PageStart | null
  /** So many entries left the ring before they could be looked at; the stream may hold some of them. */
  readonly missed: number
}

export type TailMessage =
  | { readonly type: "snapshot"; readonly snapshot: TailSnapshot }
  | { readonly type: "inspection"; readonly inspection: Inspection | null }
  | { readonly type: "found"; readonly found: Found }
  | { readonly type: "page"; readonly page: MatchPage | { readonly failure: string } }
  | { readonly type: "counted"; readonly tally: ThresholdTally }
