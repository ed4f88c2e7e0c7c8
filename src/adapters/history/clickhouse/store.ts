import type { HistoryPlace } from "../../../config/history.ts"
import type { HistoryStore } from "../store.ts"
import { CLICKHOUSE } from "./dialect.ts"
import type { ClickHouseReader } from "./reader.ts"

/** Opens the history of a gateway in a database of ClickHouse. Nothing of it is loaded before it is asked for. */
export function openClickHouse(place: Extract<HistoryPlace, { server: object }>, gateway: string): HistoryStore {
  let opened: Promise<ClickHouseReader> | undefined
  const reader = () => {
    opened ??= open()
    return opened
  }
  async function open(): Promise<ClickHouseReader> {
    const { ClickHouse } = await import("./client.ts")
    const { ClickHouseReader } = await import("./reader.ts")
    return new ClickHouseReader(await ClickHouse.open(place.server), gateway)
  }
  return {
    place,
    exists: async () => true,
    newest: async () => (await reader()).newest(),
    async *pages(request, signal) {
      yield* (await reader()).pages(request, signal)
    },
    gaplessSince: async ms => (await reader()).gaplessSince(ms),
    stretch: async (spans, held, recent, signal) => (await reader()).stretch(spans, held, recent, signal),
    unreadable: new Set(),
    dialect: CLICKHOUSE,
    close() {
      void opened?.then(reader => reader.close()).catch(() => {})
    },
  }
}
