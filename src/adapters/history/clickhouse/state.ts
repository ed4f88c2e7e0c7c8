import type { ClickHouseServer } from "../../../config/history.ts"
import type { SignOfLife } from "../accounts.ts"
import type { HistoryState } from "../history-state.ts"
import { batchesOf, newestBatch, OLDEST } from "./batches.ts"
import { ClickHouse } from "./client.ts"
import { literal } from "./dialect.ts"
import { bytesOf } from "./retention.ts"
import { LOG, RECORDERS } from "./schema.ts"

/** Reads the state of a gateway's log in a database. Throws DeckError `unavailable`. */
export async function clickHouseState(server: ClickHouseServer, gateway: string): Promise<HistoryState> {
  const clickhouse = await ClickHouse.open(server)
  try {
    if (!(await hasTables(clickhouse))) return { bytes: 0, entries: 0, gaps: 0, lost: 0 }
    const query = `select count() as batches, sum(entries) as entries, sum(gaps) as gaps, sum(lost) as lost, ${OLDEST} as oldest,
      max(to_ms) as to_ms from ${LOG} where ${batchesOf(gateway)}`
    const [[sums], newest, seen, bytes] = await Promise.all([
      clickhouse.rows<Sums>(query),
      newestBatch(clickhouse, gateway),
      lastSeen(clickhouse, gateway),
      bytesOf(clickhouse, gateway),
    ])
    const untilMs = Math.max(newest?.accounts.untilMs ?? 0, seen?.untilMs ?? 0)
    const number = (value: string | number | null | undefined) => Number(value ?? 0)
    return {
      ...(seen && { recorder: seen.sign }),
      ...(untilMs > 0 && { untilMs }),
      ...(sums?.to_ms != null && { fromMs: number(sums.oldest), toMs: number(sums.to_ms) }),
      bytes,
      entries: number(sums?.entries),
      gaps: number(sums?.gaps),
      lost: number(sums?.lost),
    }
  } finally {
    await clickhouse.close()
  }
}

type Sums = Readonly<Record<"entries" | "gaps" | "lost" | "oldest" | "to_ms", string | number | null>>

/** Whether somebody has recorded into the database. */
export async function hasTables(clickhouse: ClickHouse): Promise<boolean> {
  const [found] = await clickhouse.rows<{ readonly result: number }>(`exists table ${LOG}`)
  return found?.result === 1
}

async function lastSeen(clickhouse: ClickHouse, gateway: string) {
  type Seen = Readonly<Record<"pid" | "since_ms" | "at_s" | "until_ms" | "trouble" | "is_over", string | number>>
  const [seen] = await clickhouse.rows<Seen>(
    `select pid, since_ms, at_s, until_ms, trouble, is_over from ${RECORDERS} where gateway = ${literal(gateway)}
     order by at_s desc, beat desc limit 1`,
  )
  if (seen === undefined) return undefined
  const sign: SignOfLife = {
    pid: Number(seen.pid),
    sinceMs: Number(seen.since_ms),
    atMs: Number(seen.at_s) * 1_000,
    ...(seen.trouble !== "" && { trouble: String(seen.trouble) }),
    ...(Number(seen.is_over) === 1 && { isOver: true }),
  }
  return { sign, untilMs: Number(seen.until_ms) }
}
