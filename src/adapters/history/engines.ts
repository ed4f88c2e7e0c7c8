import type { HistoryPlace } from "../../config/history.ts"
import { openClickHouse } from "./clickhouse/store.ts"
import type { HistoryState } from "./history-state.ts"
import type { HistoryWriter } from "./history-writer.ts"
import type { LogOwner } from "./log-owner.ts"
import { openParquet } from "./parquet/store.ts"
import type { LogHistory } from "./store.ts"

/**
 * Opens a gateway's history for its recorder, in the engine that holds it; no other is loaded. Throws DeckError: "conflict" where
 * another recorder works on it or it is another stream's, "unavailable" where it cannot be written.
 */
export async function openWriter(history: HistoryPlace, owner: LogOwner): Promise<HistoryWriter> {
  if (history.server !== undefined) {
    const { ClickHouseWriter } = await import("./clickhouse/writer.ts")
    return ClickHouseWriter.open(history.server, owner)
  }
  const { modesFor, recorderDirectory } = await import("./directory.ts")
  const { ParquetWriter } = await import("./parquet/writer.ts")
  const directory = recorderDirectory(history.directory, owner.gateway)
  return ParquetWriter.open(directory, owner, await modesFor(history.group))
}

/** Opens a history for reading; without one there is none. Nothing of it is loaded before it is asked for. */
export const openHistory = (history: HistoryPlace | undefined): LogHistory =>
  history?.server === undefined ? openParquet(history) : openClickHouse(history)

/** Reads the state of a gateway's history. Throws DeckError `unavailable`. */
export async function readHistoryState(history: HistoryPlace, gateway: string): Promise<HistoryState> {
  if (history.server !== undefined) {
    const { clickHouseState } = await import("./clickhouse/state.ts")
    return clickHouseState(history.server, gateway)
  }
  const { recorderDirectory } = await import("./directory.ts")
  const { parquetState } = await import("./parquet/state.ts")
  return parquetState(recorderDirectory(history.directory, gateway))
}
