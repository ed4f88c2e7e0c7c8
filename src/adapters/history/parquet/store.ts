import { access, constants } from "node:fs/promises"
import type { HistoryPlace } from "../../../config/history.ts"
import { canHold } from "../pages.ts"
import type { HistoryStore } from "../store.ts"
import { DUCKDB } from "./dialect.ts"
import type { HistoryReader } from "./reader.ts"

/** Opens the history of a gateway in a directory; without one there is none. Nothing of it is loaded before it is asked for. */
export function openParquet(
  place: Extract<HistoryPlace, { directory: string }> | undefined,
  gateway: string,
): HistoryStore {
  const directory = place?.directory
  let reader: Promise<HistoryReader> | undefined
  const unreadable = new Set<string>()
  const files = async () => (await import("../directory.ts")).recorderDirectory(directory ?? "", gateway)
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
      const within = files.filter(file => spans.some(span => canHold(file, span)))
      const stretch = await (await opened()).stretch(within, recent, epoch, signal)
      return {
        ...stretch,
        async ask(query, part) {
          const rows = await stretch.ask(query, part)
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
