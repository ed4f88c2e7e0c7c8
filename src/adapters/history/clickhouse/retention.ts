import type { Retention } from "../history-writer.ts"
import { batchesOf } from "./batches.ts"
import type { ClickHouse } from "./client.ts"
import { literal } from "./dialect.ts"
import { LOG } from "./schema.ts"

const DAY_MS = 86_400_000

/** A day of a gateway, as its partition. */
interface Day {
  readonly day: string
  readonly bytes: string | number
}

/** The parts of the table, which are what it takes on the disk. */
const PARTS = `system.parts where active and database = currentDatabase() and table = '${LOG}'`

/**
 * Drops the days of a gateway beyond the limits, the oldest first, each as a whole; never the one with the newest batch, behind which the
 * next recorder goes on.
 */
export async function dropBeyond(
  clickhouse: ClickHouse,
  gateway: string,
  { days, bytes }: Retention,
  nowMs: number,
): Promise<void> {
  const held = await daysOf(clickhouse, gateway)
  const oldest = new Date(nowMs - days * DAY_MS).toISOString().slice(0, 10)
  let sum = held.reduce((total, day) => total + Number(day.bytes), 0)
  for (const { day, bytes: own } of held.slice(0, -1)) {
    if (day >= oldest && sum <= bytes) return
    await clickhouse.run(`alter table ${LOG} drop partition (${literal(gateway)}, '${day}')`)
    sum -= Number(own)
  }
}

/** Bytes that a gateway's log takes on the server's disk. */
export async function bytesOf(clickhouse: ClickHouse, gateway: string): Promise<number> {
  return (await daysOf(clickhouse, gateway)).reduce((total, { bytes }) => total + Number(bytes), 0)
}

/** The days of a gateway, oldest first; the last is that of the newest batch. Each part has rows of batches, and lies in one day. */
function daysOf(clickhouse: ClickHouse, gateway: string): Promise<Day[]> {
  return clickhouse.rows<Day>(
    `select toString(day) as day, sum(bytes) as bytes, max(newest) as newest
     from (select day, _part as name, max((epoch, seq)) as newest from ${LOG} where ${batchesOf(gateway)} group by day, name)
     any left join (select name, bytes_on_disk as bytes from ${PARTS}) using name
     group by day order by newest`,
  )
}
