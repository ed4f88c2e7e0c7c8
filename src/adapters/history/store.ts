import type { HistoryPage, HistoryReader, PageRequest } from "./reader.ts"

/** The history of a platform's log, as far as this host has one. */
export interface HistoryStore {
  /** Whose end it is: its newest epoch, and the highest id that the stream had in it. Undefined where there is no history. */
  newest(): Promise<{ readonly epoch: number; readonly top: string } | undefined>
  /** As `HistoryReader.page`. */
  page(request: PageRequest, signal: AbortSignal): Promise<HistoryPage>
  /** Files that could not be read so far, and were left out. */
  readonly unreadable: ReadonlySet<string>
  close(): void
}

/** Opens the history in `directory`. Nothing of it is loaded before it is asked for. */
export function openHistory(directory: string): HistoryStore {
  let reader: Promise<HistoryReader> | undefined
  const unreadable = new Set<string>()
  const files = async () => (await import("./directory.ts")).recorderDirectory(directory, "")
  const open = async () => {
    const { HistoryReader } = await import("./reader.ts")
    return HistoryReader.open(await files())
  }
  return {
    async newest() {
      const { readManifest } = await import("./manifest.ts")
      const { epoch, position } = (await readManifest(await files())) ?? {}
      return epoch === undefined || position === undefined ? undefined : { epoch, top: position.top }
    },
    async page(request, signal) {
      reader ??= open()
      const page = await (await reader).page(request, signal)
      for (const name of page.unreadable) unreadable.add(name)
      return page
    },
    unreadable,
    close() {
      void reader?.then(opened => opened.close()).catch(() => {})
    },
  }
}
