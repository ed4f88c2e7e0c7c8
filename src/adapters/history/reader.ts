import { join } from "node:path"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { GapReason } from "./batch.ts"
import { type Engine, literal, openEngine } from "./duckdb.ts"
import { entryOf } from "./log-columns.ts"
import { readManifest } from "./manifest.ts"

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

  close(): void {
    this.engine.close()
  }
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
