import type { HistoryPlace } from "../../../config/history.ts"
import { onceEach } from "../../../domain/once-each.ts"
import type { HistoryStore, LogHistory } from "../store.ts"
import type { ClickHouse } from "./client.ts"
import { CLICKHOUSE } from "./dialect.ts"

/** Opens a history in a database of ClickHouse. Nothing of it is loaded before it is asked for. */
export function openClickHouse(place: Extract<HistoryPlace, { server: object }>): LogHistory {
  let client: Promise<ClickHouse> | undefined
  const opened = () => {
    client ??= import("./client.ts").then(({ ClickHouse }) => ClickHouse.open(place.server))
    return client
  }

  function storeOf(gateway: string): HistoryStore {
    const reader = async () => {
      const { ClickHouseReader } = await import("./reader.ts")
      return new ClickHouseReader(await opened(), gateway)
    }
    return {
      exists: async () => true,
      newest: async () => (await reader()).newest(),
      async *pages(request, signal) {
        yield* (await reader()).pages(request, signal)
      },
      gaplessSince: async ms => (await reader()).gaplessSince(ms),
      dialect: CLICKHOUSE,
    }
  }

  return {
    place,
    of: onceEach(storeOf),
    async stretch(spans, gateways, signal) {
      const { openStretch } = await import("./stretch.ts")
      return openStretch(await opened(), { spans, gateways }, signal)
    },
    unreadable: new Set(),
    close() {
      void client?.then(opened => opened.close()).catch(() => {})
    },
  }
}
