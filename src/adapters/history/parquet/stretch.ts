import { join } from "node:path"
import { DeckError } from "../../../domain/errors.ts"
import type { SqlQuery, SqlRow } from "../../../domain/sql-dialect.ts"
import type { StreamEntry } from "../../../domain/stream-entry.ts"
import { canHold } from "../pages.ts"
import type { Part, Stretch } from "../store.ts"
import { Batch, TABLE } from "./batch.ts"
import { DUCKDB, literal } from "./dialect.ts"
import type { Engine } from "./duckdb.ts"
import type { HistoryFile } from "./manifest.ts"

/** What a stretch is made of. */
export interface StretchOf {
  readonly directory: string
  /** Files of the history that can hold any of it. */
  readonly files: readonly HistoryFile[]
  /** What no file holds, and its epoch. */
  readonly recent: AsyncIterable<readonly StreamEntry[]>
  readonly epoch: number
}

/** A question that takes more memory than a reader may have, or a mistake of ours. */
const unanswered = (cause: unknown) =>
  /out of memory/i.test(String(cause))
    ? new DeckError("unavailable", "that takes more memory than there is for it: ask about a shorter time", { cause })
    : cause

/** Gathers a stretch: what no file holds goes into a table of the engine's memory beside them. */
export async function openStretch(
  engine: Engine,
  { directory, files, recent, epoch }: StretchOf,
  signal: AbortSignal,
): Promise<Stretch> {
  const batch = await Batch.open(engine, "")
  const unreadable = new Set<string>()
  const relation = (names: readonly string[]) => {
    if (names.length === 0) return TABLE
    const paths = names.map(name => literal(join(directory, name))).join(", ")
    return `(select * from read_parquet([${paths}]) union all by name select * from ${TABLE})`
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
  const damaged = async (query: SqlQuery, names: readonly string[]) => {
    const found: string[] = []
    for (const name of names) {
      await answer(query, relation([name])).catch(error => {
        signal.throwIfAborted()
        if (!(error instanceof Error)) throw error
        found.push(name)
      })
    }
    return found
  }
  const readable = ({ within, eventsOnly }: Part) =>
    files
      .filter(file => !unreadable.has(file.name) && (within === undefined || canHold(file, within)))
      .filter(({ rows, entries }) => eventsOnly === undefined || rows > entries)
      .map(({ name }) => name)
  try {
    for await (const entries of recent) for (const entry of entries) batch.add(entry, epoch)
  } catch (error) {
    batch.close()
    throw error
  }
  return {
    unreadable,
    async ask(query, part = {}) {
      const names = readable(part)
      try {
        return await answer(query, relation(names))
      } catch (error) {
        signal.throwIfAborted()
        const found = await damaged(query, names)
        if (found.length === 0) throw unanswered(error)
        for (const name of found) unreadable.add(name)
        return answer(query, relation(readable(part)))
      }
    },
    close: () => batch.close(),
  }
}
