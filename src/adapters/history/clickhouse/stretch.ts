import { withinSql } from "../../../domain/log-counts/requests.ts"
import type { SqlRow } from "../../../domain/sql-dialect.ts"
import type { TimeWindow } from "../../../domain/time-window.ts"
import type { Counted, Stretch } from "../store.ts"
import { ClickHouseBatch } from "./batch.ts"
import { batchesOf } from "./batches.ts"
import type { ClickHouse } from "./client.ts"
import { CLICKHOUSE, literal } from "./dialect.ts"
import { LOG, LOG_COLUMNS } from "./schema.ts"

const COLUMNS = LOG_COLUMNS.map(({ name }) => name).join(", ")

/** A table of the session's, for what no batch holds. */
const RECENT = "opsdeck_recent"

/** What a stretch is made of. */
export interface StretchOf {
  readonly spans: readonly TimeWindow[]
  readonly gateways: readonly Counted[]
}

/** Gathers a stretch: what is not in the table goes into a temporary one, of a session, beside it. */
export async function openStretch(
  clickhouse: ClickHouse,
  { spans, gateways }: StretchOf,
  signal: AbortSignal,
): Promise<Stretch> {
  const batch = new ClickHouseBatch("")
  const read = async ({ held, recent }: Counted) => {
    for await (const entries of recent) for (const entry of entries) batch.add(entry, held?.epoch ?? 0)
  }
  await Promise.all(gateways.map(read))
  const session = clickhouse.inSession()
  const relations: string[] = []
  const held = (await Promise.all(gateways.map(gateway => heldSql(clickhouse, gateway, spans)))).flat()
  if (held.length > 0) relations.push(`select ${COLUMNS} from ${LOG} where ${held.join(" or ")}`)
  if (batch.extent.rows > 0 || relations.length === 0) {
    const columns = LOG_COLUMNS.map(({ name, type }) => `${name} ${type}`).join(", ")
    await session.run(`create temporary table ${RECENT} (${columns})`)
    if (batch.extent.rows > 0)
      await session.insert(`insert into ${RECENT} (${COLUMNS}) format RowBinary`, batch.written, batch.id)
    relations.push(`select ${COLUMNS} from ${RECENT}`)
  }
  const relation = `(${relations.join(" union all ")})`
  return {
    unreadable: new Set(),
    ask(query, { within } = {}) {
      const part = within === undefined ? relation : `(select ${COLUMNS} from ${relation} where ${withinSql(within)})`
      return session.found<SqlRow>(query(part, CLICKHOUSE), signal)
    },
    close() {},
  }
}

/** The condition that holds for the rows of a gateway that were held, of the days with any of the spans; none where no day has. */
async function heldSql(clickhouse: ClickHouse, { name, held }: Counted, spans: readonly TimeWindow[]) {
  if (held === undefined) return []
  const days = await daysOf(clickhouse, name, spans)
  if (days.length === 0) return []
  // What was written since is among the recent ones.
  const [ms = "0", seq = "0"] = held.position.cursor.split("-")
  const upTo = `(epoch < ${held.epoch} or (epoch = ${held.epoch} and (ms < ${ms} or (ms = ${ms} and seq <= ${seq}))))`
  const isMeant = `gateway = ${literal(name)} and (event is null or event <> 'batch') and ${upTo}`
  return [`(${isMeant} and day in (${days.map(literal).join(", ")}))`]
}

/** The days, which are partitions, that hold any of the spans. */
async function daysOf(clickhouse: ClickHouse, gateway: string, spans: readonly TimeWindow[]): Promise<string[]> {
  const overlaps = spans.map(({ fromMs, untilMs }) => `(to_ms >= ${whole(fromMs)} and from_ms < ${whole(untilMs)})`)
  const query = `select distinct toString(day) as day from ${LOG} where ${batchesOf(gateway)} and (${overlaps.join(" or ")})`
  return (await clickhouse.rows<{ readonly day: string }>(query)).map(({ day }) => day)
}

const whole = (ms: number) => Math.min(Math.max(Math.ceil(ms), 0), Number.MAX_SAFE_INTEGER)
