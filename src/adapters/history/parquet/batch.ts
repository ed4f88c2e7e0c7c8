import type { DuckDBAppender } from "@duckdb/node-api"
import type { SqlRow } from "../../../domain/sql-dialect.ts"
import { parseStreamId, type StreamEntry } from "../../../domain/stream-entry.ts"
import { Extent, type HistoryEvent, half } from "../extent.ts"
import type { HistoryBatch } from "../history-writer.ts"
import { COLUMNS, fieldValues } from "../log-columns.ts"
import { FILE_FORMAT, literal } from "./dialect.ts"
import { type DuckDBConnection, type Engine, rowsOf } from "./duckdb.ts"

/** The table of a batch's rows, for its own connection. */
export const TABLE = "batch"

/**
 * Rows on their way into one file, in a table of the engine's memory. Its connection is its own: appending must not wait for
 * the writing of the batch before it.
 */
export class Batch implements HistoryBatch {
  readonly extent = new Extent()
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

  /** For rows of `gateway`, or of whatever gateway an entry names itself. */
  static async open(engine: Engine, gateway: string): Promise<Batch> {
    const connection = await engine.connect()
    const columns = COLUMNS.map(({ name, type }) => `${name} ${type}`).join(", ")
    await connection.run(`create temp table ${TABLE} (${columns})`)
    return new Batch(connection, await connection.createAppender(TABLE, null, "temp"), gateway)
  }

  add(entry: StreamEntry, epoch: number): void {
    const { appender, extent } = this
    const { texts, numbers, others, derived } = fieldValues(entry)
    this.begin(epoch, entry.ms, entry.seq, entry.at - entry.ms, entry.gateway || this.gateway)
    for (let i = 0; i < 4; i++) appender.appendNull()
    for (const text of texts) text === null ? appender.appendNull() : appender.appendVarchar(text)
    for (const number of numbers) number === null ? appender.appendNull() : appender.appendDouble(number)
    others === null ? appender.appendNull() : appender.appendVarchar(others)
    for (const text of derived) appender.appendVarchar(text)
    appender.endRow()
    this.bytes += entry.size
    extent.entry(entry.at)
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
    } else for (let i = 0; i < 3; i++) appender.appendNull()
    for (let i = FIELDS_AT; i < COLUMNS.length; i++) appender.appendNull()
    appender.endRow()
    extent.event(event, ms)
  }

  /** Writes the rows to `file`, as Parquet. Nothing can be added any more; it may be tried again. */
  async write(file: string): Promise<void> {
    this.appender.flushSync()
    await this.connection.run(`copy ${TABLE} to ${literal(file)} (${FILE_FORMAT})`)
  }

  /** Answers a query over the rows, which are in `TABLE`, and over files. */
  async ask(query: string): Promise<SqlRow[]> {
    this.appender.flushSync()
    return rowsOf(this.connection, query)
  }

  /** Ends the query that is being answered: it fails. */
  interrupt(): void {
    this.connection.interrupt()
  }

  close(): void {
    this.appender.closeSync()
    this.connection.closeSync()
  }

  private begin(epoch: number, ms: number, seq: number, lateMs: number, gateway = this.gateway): void {
    const { appender } = this
    appender.appendVarchar(gateway)
    appender.appendBigInt(BigInt(epoch))
    appender.appendUBigInt(half(ms))
    appender.appendUBigInt(half(seq))
    appender.appendBigInt(BigInt(Math.trunc(lateMs)))
  }
}

const FIELDS_AT = COLUMNS.findIndex(({ name }) => name === "ts")
