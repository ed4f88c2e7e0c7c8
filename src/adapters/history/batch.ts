import type { DuckDBAppender } from "@duckdb/node-api"
import type { SqlRow } from "../../domain/sql-dialect.ts"
import { parseStreamId, type StreamEntry } from "../../domain/stream-entry.ts"
import type { DuckDBConnection, Engine } from "./duckdb.ts"
import { literal } from "./duckdb-dialect.ts"
import { COLUMNS, fieldValues } from "./log-columns.ts"

/** What lies between two entries. */
export type HistoryEvent =
  /** Entries that are in no history: how many (0: not known), between which ids, and why. */
  | {
      readonly event: "gap"
      readonly lost: number
      readonly from: string
      readonly to: string | null
      readonly reason: GapReason
    }
  /** The stream was made anew, and another epoch begins; `atMs` is when that was seen, in ms since the epoch of Unix. */
  | { readonly event: "reset"; readonly atMs: number }

/**
 * Why entries are missing: nobody recorded, the stream was trimmed before they were read, the recorder could not write, or they
 * belong to an epoch that ended while nobody recorded.
 */
export type GapReason = "not_recording" | "trimmed" | "not_written" | "epoch_ended"

/** What a batch holds, and where it begins and ends. */
export interface Extent {
  rows: number
  entries: number
  gaps: number
  lost: number
  /** When the first and the last of them count, in ms since the epoch. */
  fromMs: number
  toMs: number
}

const nothing = (): Extent => ({
  rows: 0,
  entries: 0,
  gaps: 0,
  lost: 0,
  fromMs: Number.POSITIVE_INFINITY,
  toMs: 0,
})

const MOST = 2n ** 64n - 1n

/** Half of an id for a column of 64 bits. */
function half(value: number): bigint {
  const whole = BigInt(value)
  return whole > MOST ? MOST : whole
}

/** The table of a batch's rows, for its own connection. */
export const TABLE = "batch"

/**
 * Rows on their way into one file, in a table of the engine's memory. Its connection is its own: appending must not wait for
 * the writing of the batch before it.
 */
export class Batch {
  readonly extent = nothing()
  /** Bytes of the entries' fields as Redis sent them: about what it takes of memory. */
  bytes = 0
  private readonly connection: DuckDBConnection
  private readonly appender: DuckDBAppender
  private readonly gateway: string

  private constructor(connection: DuckDBConnection, appender: DuckDBAppender, gateway: string) {
    this.connection = connection
    this.appender = appender
    this.gateway = gateway
  }

  static async open(engine: Engine, gateway: string): Promise<Batch> {
    const connection = await engine.connect()
    const columns = COLUMNS.map(({ name, type }) => `${name} ${type}`).join(", ")
    await connection.run(`create temp table ${TABLE} (${columns})`)
    return new Batch(connection, await connection.createAppender(TABLE, null, "temp"), gateway)
  }

  add(entry: StreamEntry, epoch: number): void {
    const { appender, extent } = this
    const { texts, numbers, others, derived } = fieldValues(entry)
    this.begin(epoch, entry.ms, entry.seq, entry.at - entry.ms)
    for (let i = 0; i < 4; i++) appender.appendNull()
    for (const text of texts) text === null ? appender.appendNull() : appender.appendVarchar(text)
    for (const number of numbers) number === null ? appender.appendNull() : appender.appendDouble(number)
    others === null ? appender.appendNull() : appender.appendVarchar(others)
    for (const text of derived) appender.appendVarchar(text)
    appender.endRow()
    this.bytes += entry.size
    extent.entries++
    this.reach(entry.at)
  }

  tell(event: HistoryEvent, epoch: number): void {
    const { appender, extent } = this
    const [ms, seq] = event.event === "gap" ? parseStreamId(event.from) : [0, 0]
    this.begin(epoch, ms, seq, event.event === "gap" ? 0 : event.atMs)
    appender.appendVarchar(event.event)
    if (event.event === "gap") {
      appender.appendBigInt(BigInt(event.lost))
      event.to === null ? appender.appendNull() : appender.appendVarchar(event.to)
      appender.appendVarchar(event.reason)
      extent.gaps++
      extent.lost += event.lost
    } else for (let i = 0; i < 3; i++) appender.appendNull()
    for (let i = FIELDS_AT; i < COLUMNS.length; i++) appender.appendNull()
    appender.endRow()
    this.reach(event.event === "gap" ? ms : event.atMs)
  }

  /** Writes the rows to `file`, as Parquet. Nothing can be added any more; it may be tried again. */
  async write(file: string): Promise<void> {
    this.appender.flushSync()
    await this.connection.run(`copy ${TABLE} to ${literal(file)} (format parquet, compression zstd)`)
  }

  /** Answers a query over the rows, which are in `TABLE`, and over files. */
  async ask(query: string): Promise<SqlRow[]> {
    this.appender.flushSync()
    return (await this.connection.run(query)).getRowObjectsJS()
  }

  /** Ends the query that is being answered: it fails. */
  interrupt(): void {
    this.connection.interrupt()
  }

  close(): void {
    this.appender.closeSync()
    this.connection.closeSync()
  }

  private begin(epoch: number, ms: number, seq: number, lateMs: number): void {
    const { appender } = this
    appender.appendVarchar(this.gateway)
    appender.appendBigInt(BigInt(epoch))
    appender.appendUBigInt(half(ms))
    appender.appendUBigInt(half(seq))
    appender.appendBigInt(BigInt(Math.trunc(lateMs)))
  }

  private reach(ms: number): void {
    const { extent } = this
    extent.rows++
    extent.fromMs = Math.min(extent.fromMs, ms)
    extent.toMs = Math.max(extent.toMs, ms)
  }
}

const FIELDS_AT = COLUMNS.findIndex(({ name }) => name === "ts")
