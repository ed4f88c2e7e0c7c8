import type { HistoryStore } from "../adapters/history/store.ts"
import type { RedisConnections } from "../adapters/redis/connections.ts"
import { followStream, type StreamEvent } from "../adapters/redis/follow.ts"
import { readBack } from "../adapters/redis/read-back.ts"
import { readOn } from "../adapters/redis/read-on.ts"
import { streamInfoOf } from "../adapters/redis/stream-info.ts"
import { seamOf } from "../services/history/seam.ts"
import type { OlderSource } from "./older-pages.ts"
import type { PastSource } from "./past/log-reader.ts"

/** Source of the tail: the live stream, and reading back from an entry of it. */
export interface TailSource extends OlderSource {
  follow(signal: AbortSignal): AsyncIterable<StreamEvent>
  /** What is behind the stream. */
  readonly past?: PastSource
}

/** Initial read: the usual window of the movers, or as much of it as can be read in a second. */
const START = { backMs: 5 * 60_000, most: 100_000 }

/** The stream of a gateway, and its history, of which nothing is loaded before the past is asked for. */
export function tailSource(redis: RedisConnections, history: HistoryStore | undefined): TailSource {
  const { gateway, stream } = redis.options
  return {
    follow: signal => followStream(gateway, stream, START, signal),
    readBack: (before, signal) => readBack(redis.gateway, stream, { before }, signal),
    ...(history && {
      past: {
        history,
        seam: (held, signal) => seamOf(redis, held, signal),
        info: signal => streamInfoOf(redis.gateway, stream, signal),
        readOn: (after, signal) => readOn(redis.gateway, stream, after, signal),
      },
    }),
  }
}
