import { expect } from "vitest"
import { ClickHouse } from "../../../src/adapters/history/clickhouse/client.ts"
import { ClickHouseReader } from "../../../src/adapters/history/clickhouse/reader.ts"
import { recorderDirectory } from "../../../src/adapters/history/directory.ts"
import type { HistoryRow } from "../../../src/adapters/history/history-row.ts"
import { HistoryReader } from "../../../src/adapters/history/parquet/reader.ts"
import type { ClickHouseServer } from "../../../src/config/history.ts"
import { eventually } from "../../support/waiting.ts"
import { Oracle } from "./oracle.ts"

/** Waits until the history accounts for all that was `written`: numbered requests, from the first that it holds on. */
export const accountFor = async (directory: string, written: number): Promise<Oracle> =>
  judge(await HistoryReader.open(recorderDirectory(directory, "")), written)

/** As `accountFor`, of a history in ClickHouse. */
export async function accountForServer(server: ClickHouseServer, written: number): Promise<Oracle> {
  const reader = new ClickHouseReader(await ClickHouse.open(server), "")
  const newest = async () => {
    const request = { from: { before: undefined }, entriesOnly: true, limit: 1 } as const
    for await (const { rows } of reader.pages(request, AbortSignal.timeout(10_000))) {
      if (rows[0]?.kind === "entry") return rows[0].entry.get("path")
    }
    return undefined
  }
  // Reading all of it takes long, so that is done once.
  await eventually(async () => expect(await newest()).toBe(`/n/${written - 1}`))
  return judge(reader, written)
}

interface Reader {
  rows(): AsyncIterable<HistoryRow>
  close(): unknown
}

async function judge(reader: Reader, written: number): Promise<Oracle> {
  try {
    return await eventually(async () => {
      let oracle: Oracle | undefined
      for await (const row of reader.rows()) {
        const number = row.kind === "entry" ? Number(row.entry.get("path")?.slice("/n/".length)) : 0
        // What was trimmed before a recorder had written anything is older than the history.
        oracle ??= new Oracle(number)
        if (row.kind === "entry") oracle.entry(number)
        else if (row.kind === "gap") oracle.gap(row.lost)
        else oracle.reset()
      }
      if (oracle === undefined) throw new Error("nothing is recorded yet")
      oracle.holds(written)
      return oracle
    })
  } finally {
    await reader.close()
  }
}
