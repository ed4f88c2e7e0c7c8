import type { RedisOptions } from "../adapters/redis/connections.ts"
import type { HistoryPlace } from "../config/history.ts"
import type { AccessLogEntry } from "../domain/access-log.ts"
import type { LogSearch } from "../domain/access-log-search.ts"
import type { AccessLogStatistics } from "../domain/access-log-stats.ts"
import type { Timeline } from "../domain/access-log-timeline.ts"
import type { AlertState } from "../domain/alerts/rule-watch.ts"
import type { Deviation } from "../domain/movers/deviations.ts"
import type { MoversSnapshot, MoversWatch } from "../domain/movers/movers-snapshot.ts"
import type { ThresholdTally } from "../domain/threshold-count.ts"
import type { TimeTarget } from "../domain/time-target.ts"
import type { GatewayLink } from "./gateway-links.ts"
import type { Marker } from "./held.ts"
import type { Link } from "./link.ts"
import type { From } from "./past/reading.ts"
import type { SeenFrom } from "./seen-from.ts"

/** What the console gives the tail: where the stream is, and the history. */
export interface TailOptions {
  readonly redis: RedisOptions
  readonly history: HistoryPlace | undefined
}

/** Message from the console to the tail. Plain data: the two run in separate threads. */
export type TailCommand =
  | ({ readonly type: "filter" } & LogFilter)
  | { readonly type: "view"; readonly view: View }
  | { readonly type: "older" }
  /** Sets the text that rows are marked by and `find` goes to; null for none. */
  | { readonly type: "search"; readonly search: LogSearch | null }
  /** Requests who was seen from an address or a network, and when first after the entry. */
  | { readonly type: "seen"; readonly address: string; readonly id: string }
  | { readonly type: "inspect"; readonly generation: number; readonly ordinal: number }
  /** Requests the position of a target among the matches of a generation. */
  | { readonly type: "find"; readonly generation: number; readonly target: LogTarget }
  /** Cancels the last search. */
  | { readonly type: "cancel-search" }
  /** Counts the requests in the ring that a risk threshold (0 to 1) would have blocked. */
  | { readonly type: "count"; readonly threshold: number }
  /** Replaces the alert rules. */
  | { readonly type: "alerts"; readonly rules: readonly string[] }
  /** Sets the movers to report; null for none. */
  | { readonly type: "movers"; readonly watch: MoversWatch | null }
  /** The terminal scrolls the rows and leaves what stands beside them: movers need not be written anew each time. */
  | { readonly type: "scroll-beside" }
  /** Requests a page of what passes `filter`, whichever is set; from the newest on without a start. */
  | { readonly type: "page"; readonly filter: LogFilter; readonly start: PageStart | PastRowStart | undefined }
  /** The last snapshot has been drawn; the next may come. */
  | { readonly type: "drawn" }

/** Filter of the log, and the entry to begin at. */
export interface LogFilter {
  /** The expression, as typed. */
  readonly text: string
  /** Ids of the users of its `user:` terms. */
  readonly users: ReadonlyMap<string, readonly string[]>
  /** The id of an entry to stay at; null for the newest. */
  readonly stayAt: string | null
}

/** The rows that the console needs. */
export interface View {
  /** Whether to follow the newest rows; otherwise `rows` of them from `top`. */
  readonly following: boolean
  readonly top: number
  readonly rows: number
  /** Maximum number of bars of the timeline. */
  readonly bars: number
}

/** An entry with when it counts, in ms since the epoch (`domain/stream-clock`), or a marker. */
export type TailRow =
  | {
      readonly kind: "entry"
      readonly entry: AccessLogEntry
      readonly at: number
      /** It has the text that is searched for. */
      readonly isFound?: true
    }
  | Marker

/** State of the tail as the console shows it, of one moment. Never changed once published. */
export interface TailSnapshot {
  /** Rises with every filter; ordinals of different generations are unrelated. */
  readonly generation: number
  readonly filter: string
  /** Of all gateways: live where any is. */
  readonly link: Link
  /** Each of several gateways, by name. */
  readonly gateways: readonly GatewayLink[]
  /** The stream's time, in ms since the epoch (`domain/stream-clock`). */
  readonly now: number
  /** Of all that is read, whatever the filter. */
  readonly statistics: AccessLogStatistics
  /** Of what passes the filter; null without one. */
  readonly matchStatistics: AccessLogStatistics | null
  /** Entries read since the console opened. */
  readonly seen: number
  /** Entries in the ring now. */
  readonly held: number
  /** How many of those match; the other matches are older pages. */
  readonly matching: number
  /** The lowest ordinal of a match, and one more than the highest. */
  readonly start: number
  readonly end: number
  /** The same of the live log's newest match, also where the rows are of the past. */
  readonly newest: number
  /** Rows by ordinal from `rowsFrom` on: those of the view, and as many on either side. */
  readonly rowsFrom: number
  readonly rows: readonly TailRow[]
  /** Share of the ring that the filter has been applied to, 0 to 1. */
  readonly scanned: number
  readonly older: Older
  /** Where the rows are of the past, not the newest and what is before them; null otherwise. */
  readonly past: PastState | null
  /** A place of the past is being looked for. */
  readonly isLooking: boolean
  /** Ordinal of the entry that the filter stays at, or of the next that passes; null for none, and in the search. */
  readonly stayedAt: number | null
  /** Seconds until the top row of a paused view leaves the ring at the rate of the last minutes; null while live, or when it will not. */
  readonly leavesInSeconds: number | null
  /** Timeline of everything in the ring, whatever the filter; at most a second old. */
  readonly timeline: Timeline
  /** Timeline of what passes of that, in the same bars; null without a filter. */
  readonly matchTimeline: Timeline | null
  /** Movers as last requested, at most a second old; null when none are. */
  readonly movers: MoversSnapshot | null
  /** What stands out among the requests that pass the filter, the most unusual first; at most two seconds old. */
  readonly deviations: readonly Deviation[]
  /** State of each alert rule. */
  readonly alerts: readonly AlertState[]
}

/** Rows of the past, while the live log goes on underneath. */
export interface PastState {
  /** Ordinal from which on rows come from the stream; those before it are the history's. */
  readonly seam: number
  /** Since when the history has no gap before the moment that was asked for, in ms since the epoch; null where not known. */
  readonly since: number | null
  /** Whether newer rows follow. */
  readonly newer: "more" | "loading" | "end" | "failed"
}

/** How far back the view reaches. */
export type Older =
  /** `isAtHistory`: the stream was read whole, what is older is in the history. */
  | {
      readonly state: "more" | "loading" | "full"
      readonly lookedBackTo: number | null
      readonly isAtHistory?: true
    }
  /** The log begins there: the stream, where there is no history, or `why` it is not read; else the history. */
  | { readonly state: "beginning"; readonly isOfHistory?: true; readonly why?: string | undefined }
  | { readonly state: "failed"; readonly reason: string }

/**
 * Place in the log: the first match from a moment (ms since the epoch) or an entry on; the error at which a burst begins within
 * `failedWithin` ms after it, if there is one; or the first match of the bar, of the given width, that holds the last
 * match before a moment.
 */
export type LogPlace =
  | TimeTarget
  | { readonly ms: number; readonly failedWithin: number }
  | { readonly before: number; readonly barMs: number }

/** The next row up (-1) or down (1) from an ordinal that has the text searched for, or failed. */
export interface LogStep {
  readonly row: "found" | "failed"
  readonly from: number
  readonly by: 1 | -1
}

export type LogTarget = LogPlace | LogStep

/** Result of a search: an ordinal; null where it was not found, since the matches reach back to `reach` only. */
export interface Found {
  readonly ordinal: number | null
  /** Id of the entry there; null for none. */
  readonly id: string | null
  /** Ordinal of the oldest match, for a place before all that was looked at; null otherwise. */
  readonly oldest: number | null
  /** In ms since the epoch; null before anything was read. */
  readonly reach: number | null
  readonly older: Older
  /** Number of rows that are held. */
  readonly rows: number
}

/** A complete entry: every field of the stream, duplicates included. */
export interface Inspection {
  readonly ordinal: number
  readonly entry: AccessLogEntry
  readonly pairs: readonly (readonly [name: string, value: string])[]
}

/**
 * Start of a page of matches: at a number of the ring, or in the stream. After the ring, whose lowest number was `lowest` at the
 * start, it continues in the streams before these ids, by gateway; one that was recreated holds nothing older, and has none.
 */
export type PageStart =
  | { readonly number: number; readonly lowest: number; readonly before: ReadonlyMap<string, string> }
  | { readonly before: From }
  | { readonly past: From }

/** Start of the first page at the row of an ordinal in the view of the past. */
export interface PastRowStart {
  readonly pastRow: number
}

/** A page of matches, newest first, and the start of the next; null at the end. */
export interface MatchPage {
  readonly entries: readonly AccessLogEntry[]
  readonly next: PageStart | null
  /** Number of entries that left the ring before they were looked at; the stream may hold some of them. */
  readonly missed: number
}

export type TailMessage =
  | { readonly type: "snapshot"; readonly snapshot: TailSnapshot }
  | { readonly type: "inspection"; readonly inspection: Inspection | null }
  | { readonly type: "found"; readonly found: Found }
  | { readonly type: "page"; readonly page: MatchPage | { readonly failure: string } }
  | { readonly type: "seen"; readonly seen: SeenFrom }
  | { readonly type: "counted"; readonly tally: ThresholdTally }
