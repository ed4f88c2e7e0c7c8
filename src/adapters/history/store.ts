import { access, constants } from "node:fs/promises"
import type { HistoryPlace } from "../../config/history.ts"
import type { SqlDialect } from "../../domain/sql-dialect.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { LedgerState } from "../redis/ledger.ts"
import { DUCKDB } from "./duckdb-dialect.ts"
import type { HistoryFile } from "./manifest.ts"
import type { Pages, Step } from "./pages.ts"
import type { HistoryReader } from "./reader.ts"
import type { Span, Stretch } from "./stretch.ts"

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

/** The history of a platform's log, as far as this host has one. */
export interface HistoryStore {
  /** Where it is; undefined where there is none. */
  readonly place: HistoryPlace | undefined
  /** Whether anything of it is there, as far as can be told without reading it. */
  exists(): Promise<boolean>
  /** Undefined where there is no history. */
  newest(): Promise<Held | undefined>
  /** As `HistoryReader.pages`. */
  pages(request: Pages, signal: AbortSignal): AsyncIterable<Step>
  /** As `HistoryReader.gaplessSince`. */
  gaplessSince(ms: number): Promise<number | undefined>
  /** Gathers what is held of some spans, and the `recent` entries that are not, for questions in SQL. */
  stretch(
    spans: readonly Span[],
    held: Held | undefined,
    recent: AsyncIterable<readonly StreamEntry[]>,
    signal: AbortSignal,
  ): Promise<Stretch>
  /** Files that could not be read so far, and were left out. */
  readonly unreadable: ReadonlySet<string>
  /** How its engine spells the condition of a page. */
  readonly dialect: SqlDialect
  close(): void
}

/** Opens the history in a directory; without one there is none. Nothing of it is loaded before it is asked for. */
export function openParquet(place: Extract<HistoryPlace, { directory: string }> | undefined): HistoryStore {
  const directory = place?.directory
  let reader: Promise<HistoryReader> | undefined
  const unreadable = new Set<string>()
  const files = async () => (await import("./directory.ts")).recorderDirectory(directory ?? "", "")
  const open = async () => {
    const { HistoryReader } = await import("./reader.ts")
    return HistoryReader.open(await files())
  }
  const opened = () => {
    reader ??= open()
    return reader
  }
  return {
    place,
    exists: async () =>
      directory !== undefined &&
      (await access(directory, constants.R_OK | constants.X_OK).then(
        () => true,
        () => false,
      )),
    async newest() {
      if (directory === undefined) return undefined
      const { readManifest } = await import("./manifest.ts")
      const { epoch, position, untilMs = 0, files: all } = (await readManifest(await files())) ?? {}
      if (epoch === undefined || position === undefined || all === undefined) return undefined
      return { epoch, top: position.top, position, untilMs, oldestMs: all[0]?.fromMs, files: all }
    },
    async *pages(request, signal) {
      for await (const step of (await opened()).pages(request, signal)) {
        if (step.isUnreadable) unreadable.add(step.file)
        yield step
      }
    },
    gaplessSince: async ms => (await opened()).gaplessSince(ms),
    async stretch(spans, held, recent, signal) {
      const { files = [], epoch = 0 } = held ?? {}
      const within = files.filter(file => spans.some(span => file.toMs >= span.fromMs && file.fromMs < span.untilMs))
      const stretch = await (await opened()).stretch(within, recent, epoch, signal)
      return {
        ...stretch,
        async ask(query) {
          const rows = await stretch.ask(query)
          for (const name of stretch.unreadable) unreadable.add(name)
          return rows
        },
      }
    },
    unreadable,
    dialect: DUCKDB,
    close() {
      void reader?.then(opened => opened.close()).catch(() => {})
    },
  }
}
