import type { HistoryStore } from "../adapters/history/store.ts"
import type { RedisConnections } from "../adapters/redis/connections.ts"
import { followLog, type LogEvent } from "../adapters/redis/follow-log.ts"
import { readBack } from "../adapters/redis/read-back.ts"
import { readOn } from "../adapters/redis/read-on.ts"
import { streamInfoOf } from "../adapters/redis/stream-info.ts"
import { seamOf } from "../services/history/seam.ts"
import type { OlderSource } from "./older-pages.ts"
import type { PastSource } from "./past/log-reader.ts"

/** Source of the tail: the live stream, and reading back from an entry of it. */
export interface TailSource extends OlderSource {
  follow(signal: AbortSignal): AsyncIterable<LogEvent>
  /** What is behind the stream. */
  readonly past?: PastSource
}

/** Initial read: the usual window of the movers, or as much of it as can be read in a second. */
const START = { backMs: 5 * 60_000, most: 100_000 }

/** The stream of a gateway, and its history, of which nothing is loaded before the past is asked for. */
export function tailSource(redis: RedisConnections, history: HistoryStore | undefined): TailSource {
  const [{ client, stream }] = redis.gateways
  return {
    follow: signal => followLog(redis.gateways, START, signal),
    readBack: (before, signal) => readBack(client, stream, { before }, signal),
    ...(history && {
      past: {
        history,
        seam: (held, signal) => seamOf(redis, held, signal),
        info: signal => streamInfoOf(client, stream, signal),
        readOn: (after, signal) => readOn(client, stream, after, signal),
      },
    }),
  }
}
