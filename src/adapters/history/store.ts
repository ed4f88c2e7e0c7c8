import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { LedgerState } from "../redis/ledger.ts"
import type { HistoryFile } from "./manifest.ts"
import type { HistoryPage, HistoryReader, PageRequest } from "./reader.ts"
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
  readonly files: readonly HistoryFile[]
}

/** The history of a platform's log, as far as this host has one. */
export interface HistoryStore {
  /** Undefined where there is none. */
  readonly directory: string | undefined
  /** Undefined where there is no history. */
  newest(): Promise<Held | undefined>
  /** As `HistoryReader.page`. */
  page(request: PageRequest, signal: AbortSignal): Promise<HistoryPage>
  /** Gathers what is held of some spans, and the `recent` entries that are not, for questions in SQL. */
  stretch(
    spans: readonly Span[],
    held: Held | undefined,
    recent: AsyncIterable<readonly StreamEntry[]>,
    signal: AbortSignal,
  ): Promise<Stretch>
  /** Files that could not be read so far, and were left out. */
  readonly unreadable: ReadonlySet<string>
  close(): void
}

/** Opens the history in `directory`; without one there is none. Nothing of it is loaded before it is asked for. */
export function openHistory(directory: string | undefined): HistoryStore {
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
    directory,
    async newest() {
      if (directory === undefined) return undefined
      const { readManifest } = await import("./manifest.ts")
      const { epoch, position, untilMs = 0, files: all } = (await readManifest(await files())) ?? {}
      if (epoch === undefined || position === undefined || all === undefined) return undefined
      return { epoch, top: position.top, position, untilMs, files: all }
    },
    async page(request, signal) {
      const page = await (await opened()).page(request, signal)
      for (const name of page.unreadable) unreadable.add(name)
      return page
    },
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
    close() {
      void reader?.then(opened => opened.close()).catch(() => {})
    },
  }
}
