import { HIGHEST_SEQ, parseStreamId, type StreamEntry } from "../../../domain/stream-entry.ts"
import type { Accounts } from "../accounts.ts"
import { Extent, type HistoryEvent, half } from "../extent.ts"
import type { HistoryBatch } from "../history-writer.ts"
import { COLUMNS, fieldValues } from "../log-columns.ts"
import type { KnownBatch } from "./batches.ts"
import { RowBinary } from "./row-binary.ts"
import { LOG_COLUMNS } from "./schema.ts"

const DAY_MS = 86_400_000

/** Columns of the row of a batch, behind those of an entry. */
const OF_BATCH = LOG_COLUMNS.length - COLUMNS.length - 1

/** Rows on their way into the server, as one insert. */
export class ClickHouseBatch implements HistoryBatch {
  /** What the server, and the row of the batch, know the insert by. */
  readonly id = `opsdeck-${crypto.randomUUID()}`
  readonly extent = new Extent()
  /** The whole insert, once there was an attempt: it is tried again with the same bytes. */
  sent: (Omit<KnownBatch, "id"> & { readonly bytes: Buffer }) | undefined
  private readonly rows = new RowBinary()
  /** Where the rows begin, with their day. */
  private readonly starts: number[] = []
  private readonly gateway: string

  /** For rows of `gateway`, or of whatever gateway an entry names itself. */
  constructor(gateway: string) {
    this.gateway = gateway
  }

  get bytes(): number {
    return this.rows.size
  }

  /** The rows so far, as they are to be sent. */
  get written(): Buffer {
    return this.rows.bytes
  }

  add(entry: StreamEntry, epoch: number): void {
    const { rows, extent } = this
    const { texts, numbers, others, derived } = fieldValues(entry)
    this.begin(epoch, half(entry.ms), half(entry.seq), entry.at - entry.ms, entry.gateway || this.gateway)
    this.nulls(4)
    for (const text of texts) this.text(text)
    for (const number of numbers) rows.nullable(number, value => rows.f64(value))
    this.text(others)
    for (const text of derived) this.text(text)
    this.nulls(OF_BATCH)
    extent.entry(entry.at)
  }

  tell(event: HistoryEvent, epoch: number): void {
    const [ms, seq] = event.event === "gap" ? parseStreamId(event.from) : [0, 0]
    this.begin(epoch, half(ms), half(seq), event.event === "gap" ? 0 : event.atMs)
    this.text(event.event)
    if (event.event === "gap") {
      this.number(event.lost)
      this.text(event.to)
      this.text(event.reason)
    } else this.nulls(3)
    this.nulls(LOG_COLUMNS.length - REASON_AT)
    this.extent.event(event, ms)
  }

  /**
   * Adds the row of the batch, the `number`th, and has every row in one partition, `day` (days since the epoch): that of the last row, but none
   * before `least`, so that days are in the order of batches, and none in the future of this host. Nothing can be added any more.
   */
  seal(number: number, accounts: Accounts, least: number): NonNullable<ClickHouseBatch["sent"]> {
    const { extent, id } = this
    const { entries, gaps, lost, rows, fromMs, toMs } = extent
    this.begin(accounts.epoch, HIGHEST_SEQ, BigInt(number), 0)
    this.text("batch")
    this.number(lost)
    this.nulls(COLUMNS.length - LOST_AT)
    const times = rows === 0 ? [null, null] : [fromMs, toMs]
    for (const value of [entries, gaps, ...times]) this.number(value)
    this.text(JSON.stringify({ id, ...accounts }))
    const own = Math.floor((toMs || accounts.untilMs || 0) / DAY_MS)
    const day = Math.max(least, Math.min(own, Math.floor(Date.now() / DAY_MS) + 1))
    for (const start of this.starts) this.rows.setU16(start, day)
    this.sent = { number, accounts, day, bytes: this.rows.bytes }
    return this.sent
  }

  close(): void {}

  private begin(epoch: number, ms: bigint, seq: bigint, lateMs: number, gateway = this.gateway): void {
    this.starts.push(this.rows.size)
    this.rows.u16(0).text(gateway).i64(epoch).u64(ms).u64(seq).i64(Math.trunc(lateMs))
  }

  private text(value: string | null): void {
    this.rows.nullable(value, text => this.rows.text(text))
  }

  private number(value: number | null): void {
    this.rows.nullable(value, number => this.rows.i64(Math.trunc(number)))
  }

  private nulls(count: number): void {
    for (let n = 0; n < count; n++) this.rows.nullable(null, () => {})
  }
}

/** How many columns of an entry there are up to these. */
const upTo = (column: string) => COLUMNS.findIndex(({ name }) => name === column) + 1
const LOST_AT = upTo("lost")
const REASON_AT = upTo("reason") + 1
