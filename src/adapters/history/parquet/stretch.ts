import { join } from "node:path"
import { DeckError } from "../../../domain/errors.ts"
import { withinSql } from "../../../domain/log-counts/requests.ts"
import type { SqlQuery, SqlRow } from "../../../domain/sql-dialect.ts"
import type { TimeWindow } from "../../../domain/time-window.ts"
import { canHold } from "../pages.ts"
import type { Counted, Part, Stretch } from "../store.ts"
import { Batch, TABLE } from "./batch.ts"
import { DUCKDB, literal } from "./dialect.ts"
import type { Engine } from "./duckdb.ts"
import type { HistoryFile } from "./manifest.ts"

/** A file of a gateway's history. */
interface GatewayFile extends HistoryFile {
  readonly directory: string
  /** Its name for people. */
  readonly shown: string
}

/** What a stretch is made of. */
export interface StretchOf {
  /** Files of the history that can hold any of it. */
  readonly files: readonly GatewayFile[]
  /** What no file holds. */
  readonly gateways: readonly Omit<Counted, "name">[]
}

const hasEvents = ({ rows, entries }: HistoryFile) => rows > entries

/** Whether all entries of a file count within a window, if there is one. */
const liesWithin = ({ fromMs, toMs }: HistoryFile, within: TimeWindow | undefined) =>
  within === undefined || (fromMs >= within.fromMs && toMs < within.untilMs)

/** A question that takes more memory than a reader may have, or a mistake of ours. */
const unanswered = (cause: unknown) =>
  /out of memory/i.test(String(cause))
    ? new DeckError("unavailable", "that takes more memory than there is for it: ask about a shorter time", { cause })
    : cause

/** Gathers a stretch: what no file holds goes into a table of the engine's memory beside them. */
export async function openStretch(
  engine: Engine,
  { files, gateways }: StretchOf,
  signal: AbortSignal,
): Promise<Stretch> {
  const batch = await Batch.open(engine, "")
  const unreadable = new Set<string>()
  const relation = (some: readonly GatewayFile[], within?: TimeWindow) => {
    const where = within === undefined ? "" : ` where ${withinSql(within)}`
    const alike = Map.groupBy(some, file => `${hasEvents(file)} ${liesWithin(file, within)}`)
    const ofFiles = [...alike.values()].map(files => {
      const [first] = files as [GatewayFile]
      // A file without events has none in that column, which is not read. Of a file that lies within the window no times are compared.
      const columns = hasEvents(first) ? "*" : "* replace (null::varchar as event)"
      const paths = files.map(({ directory, name }) => literal(join(directory, name))).join(", ")
      return `select ${columns} from read_parquet([${paths}])${liesWithin(first, within) ? "" : where}`
    })
    return `(${[...ofFiles, `select * from ${TABLE}${where}`].join(" union all by name ")})`
  }
  const answer = async (query: SqlQuery, from: string): Promise<SqlRow[]> => {
    signal.throwIfAborted()
    const interrupt = () => batch.interrupt()
    signal.addEventListener("abort", interrupt)
    try {
      return await batch.ask(query(from, DUCKDB))
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener("abort", interrupt)
    }
  }
  /** Finds the files that a query fails on, each by itself. */
  const damaged = async (query: SqlQuery, some: readonly GatewayFile[]) => {
    const found: string[] = []
    for (const file of some) {
      await answer(query, relation([file])).catch(error => {
        signal.throwIfAborted()
        if (!(error instanceof Error)) throw error
        found.push(file.shown)
      })
    }
    return found
  }
  const readable = ({ within, eventsOnly }: Part) =>
    files
      .filter(file => !unreadable.has(file.shown) && (within === undefined || canHold(file, within)))
      .filter(file => eventsOnly === undefined || hasEvents(file))
  const gathered = await Promise.allSettled(
    gateways.map(async ({ held, recent }) => {
      for await (const entries of recent) for (const entry of entries) batch.add(entry, held?.epoch ?? 0)
    }),
  )
  for (const outcome of gathered) {
    if (outcome.status === "fulfilled") continue
    batch.close()
    throw outcome.reason
  }
  return {
    unreadable,
    async ask(query, part = {}) {
      const some = readable(part)
      try {
        return await answer(query, relation(some, part.within))
      } catch (error) {
        signal.throwIfAborted()
        const found = await damaged(query, some)
        if (found.length === 0) throw unanswered(error)
        for (const name of found) unreadable.add(name)
        return answer(query, relation(readable(part), part.within))
      }
    },
    close: () => batch.close(),
  }
}
