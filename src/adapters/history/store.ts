import type { HistoryPlace } from "../../config/history.ts"
import type { SqlDialect, SqlQuery, SqlRow } from "../../domain/sql-dialect.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { TimeWindow } from "../../domain/time-window.ts"
import type { LedgerState } from "../redis/ledger.ts"
import type { Pages, Step } from "./pages.ts"
import type { HistoryFile } from "./parquet/manifest.ts"

/** What the history holds at one moment: a reader that goes by it sees each entry once. */
export interface Held {
  /** Its newest epoch, and the highest id that the stream had in it. */
  readonly epoch: number
  readonly top: string
  /** The recorder's accounts behind the last row: where its next row begins. */
  readonly position: LedgerState
  /** The stream's time up to which nothing is missing but what is a gap, in ms since the epoch. */
  readonly untilMs: number
  /** When its first row counts, in ms since the epoch. */
  readonly oldestMs: number | undefined
  /** Of a directory: its live files. */
  readonly files: readonly HistoryFile[]
}

/** What a question is asked of. */
export interface Part {
  /** Only entries that count within that time. */
  readonly within?: TimeWindow
  /** Only what lies between entries is asked for; an engine may give more. */
  readonly eventsOnly?: true
}

/** The log's entries within a span, of history and stream together, for questions in SQL. */
export interface Stretch {
  /** Answers a query, of a `part` or all. Files that cannot be read are left out. Throws the signal's reason when it fires. */
  ask(query: SqlQuery, part?: Part): Promise<SqlRow[]>
  /** Names of files that could not be read. */
  readonly unreadable: ReadonlySet<string>
  close(): void
}

/** The history of a gateway's log, as far as this host has one. */
export interface HistoryStore {
  /** Whether anything of it is there, as far as can be told without reading it. */
  exists(): Promise<boolean>
  /** Undefined where there is no history. */
  newest(): Promise<Held | undefined>
  /** As `HistoryReader.pages`. */
  pages(request: Pages, signal: AbortSignal): AsyncIterable<Step>
  /** As `HistoryReader.gaplessSince`. */
  gaplessSince(ms: number): Promise<number | undefined>
  /** How its engine spells the condition of a page. */
  readonly dialect: SqlDialect
}

/** What is counted of a gateway: what its history held at one moment, and the entries behind that. */
export interface Counted {
  /** The gateway's name. */
  readonly name: string
  readonly held: Held | undefined
  readonly recent: AsyncIterable<readonly StreamEntry[]>
}

/** The history of a platform's log: that of each gateway, in one engine. Nothing of it is loaded before it is asked for. */
export interface LogHistory {
  /** Where it is; undefined where there is none. */
  readonly place: HistoryPlace | undefined
  /** The history of the gateway of this name; empty where there is one that nobody named. */
  of(gateway: string): HistoryStore
  /** Gathers what is held of some spans, and the recent entries that are not, for questions in SQL. */
  stretch(spans: readonly TimeWindow[], gateways: readonly Counted[], signal: AbortSignal): Promise<Stretch>
  /** Files that could not be read so far, and were left out. */
  readonly unreadable: ReadonlySet<string>
  close(): void
}
