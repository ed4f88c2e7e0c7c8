import { setTimeout as delay } from "node:timers/promises"
import type { ClickHouseServer } from "../../../config/history.ts"
import { DeckError } from "../../../domain/errors.ts"
import type { Accounts, SignOfLife } from "../accounts.ts"
import type { HistoryWriter, Retention } from "../history-writer.ts"
import type { LogOwner } from "../log-owner.ts"
import { ClickHouseBatch } from "./batch.ts"
import { type KnownBatch, newestBatch } from "./batches.ts"
import { ClickHouse } from "./client.ts"
import { Lease } from "./lease.ts"
import { dropBeyond } from "./retention.ts"
import { LOG, LOG_COLUMNS, prepareTables } from "./schema.ts"

const INSERT = `insert into ${LOG} (${LOG_COLUMNS.map(({ name }) => name).join(", ")}) format RowBinary`

/** Between two looks whether an insert is still at work. */
const LOOK_MS = 200
/** So long after the server answers again, an insert that it had not begun to read counts as lost. */
const SETTLE_MS = 1_000

/** The one writer of a gateway's log in a database of ClickHouse. */
export class ClickHouseWriter implements HistoryWriter {
  readonly place: string
  private readonly clickhouse: ClickHouse
  private readonly gateway: string
  private readonly lease: Lease
  private readonly settings: Record<string, number>
  private newest: KnownBatch | undefined

  private constructor(
    place: string,
    gateway: string,
    clickhouse: ClickHouse,
    lease: Lease,
    settings: Record<string, number>,
    newest: KnownBatch | undefined,
  ) {
    this.place = place
    this.gateway = gateway
    this.clickhouse = clickhouse
    this.lease = lease
    this.settings = settings
    this.newest = newest
  }

  /**
   * Makes the tables where they are missing. Throws DeckError: "conflict" where another recorder is at work or the log is another
   * stream's, "unavailable" where the server is out of reach or its client is not installed.
   */
  static async open(server: ClickHouseServer, owner: LogOwner): Promise<ClickHouseWriter> {
    const clickhouse = await ClickHouse.open(server)
    try {
      const settings = await prepareTables(clickhouse)
      const lease = await Lease.take(clickhouse, owner, server.name)
      try {
        // What the recorder before had sent may still be on its way into the table.
        await ended(clickhouse)
        const newest = await newestBatch(clickhouse, owner.gateway)
        return new ClickHouseWriter(server.name, owner.gateway, clickhouse, lease, settings, newest)
      } catch (error) {
        await lease.release()
        throw error
      }
    } catch (error) {
      await clickhouse.close()
      throw error
    }
  }

  get accounts(): Accounts {
    return this.newest?.accounts ?? { epoch: 0 }
  }

  async newBatch(): Promise<ClickHouseBatch> {
    return new ClickHouseBatch(this.gateway)
  }

  async save(batch: ClickHouseBatch, accounts: Accounts, sign: SignOfLife): Promise<void> {
    this.lease.tell(sign, accounts.untilMs)
    await this.lease.ensure()
    const isNothing = batch.extent.rows === 0 && isSamePlace(accounts, this.accounts)
    if (!isNothing && !(batch.sent && (await this.holds(batch)))) {
      const { number, day } = this.newest ?? { number: 0, day: 0 }
      const { bytes } = batch.sent ?? batch.seal(number + 1, accounts, day)
      await this.clickhouse.insert(INSERT, bytes, batch.id, this.settings)
    }
    if (batch.sent) {
      const { number, accounts, day } = batch.sent
      this.newest = { id: batch.id, number, accounts, day }
    }
    await this.lease.beat()
  }

  async tidy({ days, bytes }: Retention, nowMs: number): Promise<void> {
    await dropBeyond(this.clickhouse, this.gateway, { days, bytes }, nowMs)
  }

  async close(): Promise<void> {
    await this.lease.release()
    await this.clickhouse.close()
  }

  /** Whether a batch that was sent is in the history, also where the answer to it was lost. */
  private async holds(batch: ClickHouseBatch): Promise<boolean> {
    await ended(this.clickhouse)
    await delay(SETTLE_MS)
    await ended(this.clickhouse)
    const newest = await newestBatch(this.clickhouse, this.gateway)
    if (newest !== undefined && newest.id !== batch.id && newest.number >= (batch.sent?.number ?? 0)) {
      throw new DeckError("conflict", `another recorder has written to ${this.place} meanwhile`, { field: "history" })
    }
    return newest?.id === batch.id
  }
}

/** Waits until no insert of a recorder is at work in the server. */
async function ended(clickhouse: ClickHouse): Promise<void> {
  const query = `select count() as inserts from system.processes where query_id like 'opsdeck-%'`
  for (;;) {
    const [found] = await clickhouse.rows<{ readonly inserts: string }>(query)
    if (Number(found?.inserts) === 0) return
    await delay(LOOK_MS)
  }
}

/** Whether nothing happened to the stream between the two but that time has passed. */
const isSamePlace = (one: Accounts, other: Accounts): boolean =>
  one.epoch === other.epoch && JSON.stringify(one.position) === JSON.stringify(other.position)
