import { type HistoryRow, rowOf } from "../history-row.ts"
import { comparedSql, filesFrom, type Pages, pageConditions, pageOrder, type Step } from "../pages.ts"
import type { Held } from "../store.ts"
import { batchesOf, newestBatch, OLDEST } from "./batches.ts"
import type { ClickHouse } from "./client.ts"
import { CLICKHOUSE, literal } from "./dialect.ts"
import { LOG } from "./schema.ts"
import { hasTables } from "./state.ts"

type Row = Readonly<Record<string, unknown>>

/** The condition that holds for requests and what lies between them. */
const NO_BATCH = "event is null or event <> 'batch'"

/** A reader of a gateway's log in a database of ClickHouse. Its methods throw DeckError `unavailable`. */
export class ClickHouseReader {
  private readonly clickhouse: ClickHouse
  private readonly gateway: string

  constructor(clickhouse: ClickHouse, gateway: string) {
    this.clickhouse = clickhouse
    this.gateway = gateway
  }

  /** As `HistoryStore.newest`. */
  async newest(): Promise<Held | undefined> {
    const { clickhouse, gateway } = this
    if (!(await hasTables(clickhouse))) return undefined
    const { epoch, position, untilMs = 0 } = (await newestBatch(clickhouse, gateway))?.accounts ?? {}
    if (epoch === undefined || position === undefined) return undefined
    const query = `select ${OLDEST} as oldest from ${LOG} where ${batchesOf(gateway)}`
    const [row] = await clickhouse.rows<{ readonly oldest: string | null }>(query)
    const oldestMs = row?.oldest ? Number(row.oldest) : undefined
    return { epoch, top: position.top, position, untilMs, oldestMs, files: [] }
  }

  /** As `HistoryReader.rows`. */
  async *rows(where = "1 = 1"): AsyncGenerator<HistoryRow> {
    const isMeant = `(event is not null or (${where}))`
    const query = `select * from ${LOG} where ${this.own} and (${NO_BATCH}) and ${isMeant} ${pageOrder(false)}`
    for (const row of await this.clickhouse.rows<Row>(query)) yield rowOf(row)
  }

  /**
   * As `HistoryReader.pages`, a day at a time: it is a partition. The places of the rows are asked for first, for which the fewest
   * columns are read, then the rows.
   */
  async *pages(request: Pages, signal: AbortSignal): AsyncGenerator<Step> {
    const { conditions, isBack } = pageConditions(request, CLICKHOUSE)
    let left = request.limit
    for (const { name, fromMs, toMs } of filesFrom(await this.days(), request)) {
      const from = `from ${LOG} where ${this.own} and day = '${name}' and (${NO_BATCH}) and ${conditions}`
      const rows = await this.some(from, isBack, left, signal)
      left -= rows.length
      yield { file: name, reached: isBack ? fromMs : toMs, rows: rows.map(rowOf), isWhole: left > 0 }
      if (left <= 0) return
    }
  }

  /** As `HistoryReader.gaplessSince`. */
  async gaplessSince(ms: number): Promise<number | undefined> {
    const gap = `select * from ${LOG} where ${this.own} and event = 'gap' and ms <= ${Math.trunc(ms)}`
    const [last] = (await this.clickhouse.rows<Row>(`${gap} ${pageOrder(true)} limit 1`)).map(rowOf)
    if (last?.kind === "gap") return Number((last.to ?? last.from).split("-")[0])
    return (await this.days()).find(({ fromMs }) => fromMs <= ms)?.fromMs
  }

  private async some(from: string, isBack: boolean, limit: number, signal: AbortSignal): Promise<Row[]> {
    const order = pageOrder(isBack)
    const places = await this.clickhouse.found<{ readonly epoch: string; readonly ms: string; readonly seq: string }>(
      `select epoch, ms, seq ${from} ${order} limit ${limit}`,
      signal,
    )
    const last = places.at(-1)
    if (last === undefined) return []
    const within = comparedSql(isBack ? ">=" : "<=", `${last.ms}-${last.seq}`, CLICKHOUSE)
    const way = isBack ? ">" : "<"
    const bound = `(epoch ${way} ${last.epoch} or (epoch = ${last.epoch} and ${within}))`
    return this.clickhouse.found<Row>(`select * ${from} and ${bound} ${order} limit ${limit}`, signal)
  }

  /** The days that hold anything, in the order in which they were written, and when their rows count. */
  private async days(): Promise<{ name: string; fromMs: number; toMs: number }[]> {
    const query = `select toString(day) as name, min(from_ms) as first, max(to_ms) as last from ${LOG}
      where ${batchesOf(this.gateway)} and from_ms is not null group by day order by min(seq)`
    const days = await this.clickhouse.rows<Readonly<Record<"name" | "first" | "last", string>>>(query)
    return days.map(({ name, first, last }) => ({ name, fromMs: Number(first), toMs: Number(last) }))
  }

  private get own(): string {
    return `gateway = ${literal(this.gateway)}`
  }

  close(): Promise<void> {
    return this.clickhouse.close()
  }
}
