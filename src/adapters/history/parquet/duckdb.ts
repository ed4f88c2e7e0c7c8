import type { DuckDBConnection } from "@duckdb/node-api"
import { DeckError } from "../../../domain/errors.ts"
import type { SqlRow } from "../../../domain/sql-dialect.ts"

export type { DuckDBConnection } from "@duckdb/node-api"

/** Bounds of one engine: its own defaults take most of the machine. */
export interface Bounds {
  readonly threads: number
  readonly memoryMb: number
}

/** An open engine. */
export interface Engine {
  /** Opens a connection: they work beside one another, each with temporary tables of its own. */
  connect(): Promise<DuckDBConnection>
  close(): void
}

export const PACKAGE = "@duckdb/node-api"

/**
 * Loads DuckDB, which nothing loads before the history is asked for, and opens the database `path` (":memory:" for one that is
 * no file). Throws DeckError: "unavailable" where the package is not installed, "conflict" where another process has `path` open.
 */
export async function openEngine(path: string, { threads, memoryMb }: Bounds): Promise<Engine> {
  const { DuckDBInstance } = await import("@duckdb/node-api").catch(notInstalled)
  // The machine has the files' pages in its memory: held by the engine as well, they would fill it up to the limit.
  const cache = { enable_external_file_cache: "false" }
  const options = { threads: String(threads), memory_limit: `${memoryMb}MB`, ...cache }
  const instance = await DuckDBInstance.create(path, options).catch(error => {
    throw /could not set lock/i.test(String(error)) ? new DeckError("conflict", "in use", { cause: error }) : error
  })
  return { connect: () => instance.connect(), close: () => instance.closeSync() }
}

/** Runs a query and answers its rows: read by column, which takes half as long as by row. */
export async function rowsOf(connection: DuckDBConnection, query: string): Promise<SqlRow[]> {
  const result = await connection.run(query)
  const names = result.deduplicatedColumnNames()
  const columns = await result.getColumnsJS()
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => {
    const held: Record<string, unknown> = {}
    for (const [at, name] of names.entries()) held[name] = columns[at]?.[row]
    return held
  })
}

/** Whether the package is there; it is not loaded. */
export function isEngineInstalled(): boolean {
  try {
    import.meta.resolve(PACKAGE)
    return true
  } catch {
    return false
  }
}

function notInstalled(cause: unknown): never {
  throw new DeckError("unavailable", `the history needs DuckDB, which is not installed: npm install -g ${PACKAGE}`, {
    cause,
  })
}
