import type { HistoryStore } from "../adapters/history/store.ts"
import type { Gateway, RedisConnections } from "../adapters/redis/connections.ts"
import { followLog, type LogEvent } from "../adapters/redis/follow-log.ts"
import { readBackOf } from "../adapters/redis/read-log-back.ts"
import { readOn } from "../adapters/redis/read-on.ts"
import { streamInfoOf } from "../adapters/redis/stream-info.ts"
import { seamOf } from "../services/history/seam.ts"
import { LogReader } from "./past/log-reader.ts"
import { MergedReader } from "./past/merged-reader.ts"
import type { LogReading } from "./past/reading.ts"

/** Source of the tail: the live log of all gateways, and reading back from an entry of it. */
export interface TailSource {
  follow(signal: AbortSignal): AsyncIterable<LogEvent>
  /** Names of the gateways; none where there is one that nobody named. */
  readonly gateways?: readonly string[]
  readonly reader: LogReading
}

/** Initial read: the usual window of the movers, or as much of it as can be read in a second. */
const START = { backMs: 5 * 60_000, most: 100_000 }

/** The streams of all gateways, and their histories, of which nothing is loaded before the past is asked for. */
export function tailSource(
  { gateways }: RedisConnections,
  historyOf: (gateway: string) => HistoryStore | undefined,
): TailSource {
  const [first, ...others] = gateways
  const reader = (gateway: Gateway) => readerOf(gateway, historyOf(gateway.name))
  return {
    follow: signal => followLog(gateways, START, signal),
    gateways: gateways.map(({ name }) => name).filter(name => name !== ""),
    reader:
      others.length === 0 && first.name === ""
        ? reader(first)
        : new MergedReader(new Map(gateways.map(gateway => [gateway.name, reader(gateway)]))),
  }
}

function readerOf(gateway: Gateway, history: HistoryStore | undefined): LogReader {
  const { client, stream } = gateway
  return new LogReader(
    (before, signal) => readBackOf(gateway, { before }, signal),
    history && {
      history,
      seam: (held, signal) => seamOf(gateway, held, signal),
      info: signal => streamInfoOf(client, stream, signal),
      readOn: (after, signal) => readOn(client, stream, after, signal),
    },
  )
}
