import { access, constants } from "node:fs/promises"
import { basename } from "node:path"
import type { HistoryPlace } from "../../../config/history.ts"
import { onceEach } from "../../../domain/once-each.ts"
import { canHold } from "../pages.ts"
import type { HistoryStore, LogHistory } from "../store.ts"
import { DUCKDB } from "./dialect.ts"
import type { Engine } from "./duckdb.ts"
import type { HistoryReader } from "./reader.ts"

/** Opens a history in a directory; without one there is none. Nothing of it is loaded before it is asked for. */
export function openParquet(place: Extract<HistoryPlace, { directory: string }> | undefined): LogHistory {
  const directory = place?.directory
  const unreadable = new Set<string>()
  let engine: Promise<Engine> | undefined
  const opened = () => {
    engine ??= import("./reader.ts").then(({ openReaders }) => openReaders())
    return engine
  }
  const directoryOf = async (gateway: string) =>
    (await import("../directory.ts")).recorderDirectory(directory ?? "", gateway)

  function storeOf(gateway: string): HistoryStore {
    let reader: Promise<HistoryReader> | undefined
    const open = async () => {
      const { HistoryReader } = await import("./reader.ts")
      return new HistoryReader(await directoryOf(gateway), await opened())
    }
    const reading = () => {
      reader ??= open()
      return reader
    }
    return {
      exists: async () =>
        directory !== undefined &&
        (await access(directory, constants.R_OK | constants.X_OK).then(
          () => true,
          () => false,
        )),
      async newest() {
        if (directory === undefined) return undefined
        const { readManifest } = await import("./manifest.ts")
        const { epoch, position, untilMs = 0, files: all } = (await readManifest(await directoryOf(gateway))) ?? {}
        if (epoch === undefined || position === undefined || all === undefined) return undefined
        return { epoch, top: position.top, position, untilMs, oldestMs: all[0]?.fromMs, files: all }
      },
      async *pages(request, signal) {
        for await (const step of (await reading()).pages(request, signal)) {
          if (step.isUnreadable) unreadable.add(nameIn(await directoryOf(gateway), gateway, step.file))
          yield step
        }
      },
      gaplessSince: async ms => (await reading()).gaplessSince(ms),
      dialect: DUCKDB,
    }
  }

  return {
    place,
    of: onceEach(storeOf),
    async stretch(spans, gateways, signal) {
      const { openStretch } = await import("./stretch.ts")
      const files = await Promise.all(
        gateways.map(async ({ name, held }) => {
          const within = await directoryOf(name)
          return (held?.files ?? [])
            .filter(file => spans.some(span => canHold(file, span)))
            .map(file => ({ ...file, directory: within, shown: nameIn(within, name, file.name) }))
        }),
      )
      const stretch = await openStretch(await opened(), { files: files.flat(), gateways }, signal)
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
    close() {
      void engine?.then(opened => opened.close()).catch(() => {})
    },
  }
}

/** Names a file for people: of several gateways, whose files have the same names, with its directory. */
const nameIn = (directory: string, gateway: string, file: string) =>
  gateway === "" ? file : `${basename(directory)}/${file}`
