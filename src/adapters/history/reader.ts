import { join } from "node:path"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { GapReason } from "./batch.ts"
import { type Engine, openEngine } from "./duckdb.ts"
import { literal } from "./duckdb-dialect.ts"
import { entryOf } from "./log-columns.ts"
import { type HistoryFile, readManifest } from "./manifest.ts"
import { openStretch, type Stretch } from "./stretch.ts"

/** A reader's share of the machine. */
const BOUNDS = { threads: 2, memoryMb: 512 }

/** A row of the history: a request, or what lies between two of them. */
export type HistoryRow =
  | { readonly kind: "entry"; readonly epoch: number; readonly entry: StreamEntry }
  | {
      readonly kind: "gap"
      readonly epoch: number
      readonly lost: number
      readonly from: string
      readonly to: string | null
      readonly reason: GapReason
    }
  | { readonly kind: "reset"; readonly epoch: number; readonly atMs: number }

/** A reader of a recorder's directory, beside the recorder and other readers. */
export class HistoryReader {
  private readonly directory: string
  private readonly engine: Engine

  private constructor(directory: string, engine: Engine) {
    this.directory = directory
    this.engine = engine
  }

  /** Throws DeckError "unavailable" where the engine is not installed. */
  static async open(directory: string): Promise<HistoryReader> {
    return new HistoryReader(directory, await openEngine(":memory:", BOUNDS))
  }

  /**
   * Reads the rows, oldest first: those that meet the condition `where` on the history's columns, and what lies between entries.
   * Throws DeckError "unavailable" where the history cannot be read.
   */
  async *rows(where = "true"): AsyncGenerator<HistoryRow> {
    const { files = [] } = (await readManifest(this.directory)) ?? {}
    const connection = await this.engine.connect()
    try {
      for (const { name } of files) {
        // A file holds its rows in their order.
        const file = literal(join(this.directory, name))
        const result = await connection.stream(`from read_parquet(${file}) where event is not null or (${where})`)
        for await (const rows of result.yieldRowObjectJs()) yield* rows.map(rowOf)
      }
    } finally {
      connection.closeSync()
    }
  }

  /**
   * Reads a page of entries, newest first. Files that cannot be read are left out, and named. Throws DeckError "unavailable" where
   * the history cannot be read at all, and the signal's reason when it fires.
   */
  async page({ before, downTo, upTo, where = "true", limit }: PageRequest, signal: AbortSignal): Promise<HistoryPage> {
    const { files = [] } = (await readManifest(this.directory)) ?? {}
    const bounds = [
      "event is null",
      `(${where})`,
      ...(before === undefined ? [] : [behind(before)]),
      ...(downTo === undefined ? [] : [compared(">=", downTo)]),
      ...(upTo === undefined ? [] : [compared("<=", upTo)]),
    ].join(" and ")
    const found: { readonly epoch: number; readonly entry: StreamEntry }[] = []
    const unreadable: string[] = []
    const connection = await this.engine.connect()
    const interrupt = () => connection.interrupt()
    signal.addEventListener("abort", interrupt)
    try {
      for (const { name } of files.toReversed()) {
        signal.throwIfAborted()
        const file = literal(join(this.directory, name))
        const rest = limit - found.length
        const order = "order by epoch desc, ms desc, seq desc"
        try {
          const result = await connection.run(`from read_parquet(${file}) where ${bounds} ${order} limit ${rest}`)
          const rows = await result.getRowObjectsJS()
          found.push(...rows.map(row => ({ epoch: Number(row.epoch), entry: entryOf(row) })))
        } catch {
          signal.throwIfAborted()
          unreadable.push(name)
        }
        if (found.length >= limit) break
      }
    } finally {
      signal.removeEventListener("abort", interrupt)
      connection.closeSync()
    }
    return { found, unreadable }
  }

  /** Gathers what is in `files`, and the `recent` entries of an epoch, for questions in SQL. */
  stretch(
    files: readonly HistoryFile[],
    recent: AsyncIterable<readonly StreamEntry[]>,
    epoch: number,
    signal: AbortSignal,
  ): Promise<Stretch> {
    return openStretch(this.engine, { directory: this.directory, files, recent, epoch }, signal)
  }

  close(): void {
    this.engine.close()
  }
}

/** Where a row of the history stands (contract, section 10). */
export interface Place {
  readonly epoch: number
  readonly id: string
}

export interface PageRequest {
  /** Only what is older than this. */
  readonly before?: Place | undefined
  /** The lowest and the highest id wanted, in whatever epoch. */
  readonly downTo?: string | undefined
  readonly upTo?: string | undefined
  /** A condition on the history's columns. */
  readonly where?: string
  readonly limit: number
}

export interface HistoryPage {
  readonly found: readonly { readonly epoch: number; readonly entry: StreamEntry }[]
  /** Names of files that could not be read. */
  readonly unreadable: readonly string[]
}

const behind = ({ epoch, id }: Place) => `(epoch < ${epoch} or (epoch = ${epoch} and ${compared("<", id)}))`

/** Compares the id of a row; exact over both halves of it. */
function compared(operator: "<" | "<=" | ">=", id: string): string {
  const [ms = "0", seq = "0"] = id.split("-")
  return `(ms ${operator[0]} ${ms}::ubigint or (ms = ${ms}::ubigint and seq ${operator} ${seq}::ubigint))`
}

function rowOf(row: Readonly<Record<string, unknown>>): HistoryRow {
  const epoch = Number(row.epoch)
  if (row.event === "reset") return { kind: "reset", epoch, atMs: Number(row.late_ms) }
  if (row.event === "gap") {
    const [from, to, reason] = [`${row.ms}-${row.seq}`, row.to_id as string | null, row.reason as GapReason]
    return { kind: "gap", epoch, lost: Number(row.lost), from, to, reason }
  }
  return { kind: "entry", epoch, entry: entryOf(row) }
}
