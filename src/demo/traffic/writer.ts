import { setTimeout as sleep } from "node:timers/promises"
import type { RedisClient } from "../../adapters/redis/connections.ts"
import { tokenMarkKey } from "../../adapters/redis/keys.ts"
import { type Limit, limited } from "./limiter.ts"
import type { LoggedRequest, Traffic } from "./traffic.ts"

/** Approximate length to which the gateway trims the stream (contract section 4). */
export const STREAM_LENGTH = 10_000
/** The same until the recorder has caught up, which makes the past first: its beginning would be gone. */
export const UNRECORDED_LENGTH = 3 * STREAM_LENGTH
const TICK_MS = 25
const HISTORY_MS = 5 * 60_000
/** Small enough that one batch is answered well within the client's deadline. */
const BATCH = 500

interface Arrival {
  /** `*` or a whole stream id. */
  readonly id: string
  readonly request: LoggedRequest
}

/** Writes the requests of the last minutes before `until` (epoch milliseconds), as many of them as the stream keeps. */
export async function writeHistory(
  gateway: RedisClient,
  stream: string,
  traffic: Traffic,
  rate: number,
  until: number,
) {
  let batch: Arrival[] = []
  const start = until - Math.min(HISTORY_MS, (STREAM_LENGTH / rate) * 1_000)
  for (const { ms, count } of arrivals(traffic, rate, start, until)) {
    for (let seq = 0; seq < count; seq++) batch.push({ id: `${ms}-${seq}`, request: traffic.requestAt(ms) })
    if (batch.length < BATCH) continue
    await append(gateway, stream, batch)
    batch = []
  }
  await append(gateway, stream, batch)
}

/** Writes requests as they happen until `signal` fires, those of whom is held at the gateway as refused; while Redis is away they are lost, as the gateway's are. */
export async function writeLive(
  gateway: RedisClient,
  stream: string,
  traffic: Traffic,
  rate: number,
  { ended, limit, keep }: { readonly ended: ReadonlySet<string>; readonly limit: Limit; readonly keep: () => number },
  signal: AbortSignal,
) {
  let written = Date.now()
  let owed = 0
  while (!signal.aborted) {
    await sleep(TICK_MS, undefined, { signal }).catch(() => {})
    const now = Date.now()
    owed += (traffic.rateAt(now, rate) * Math.min(now - written, 1_000)) / 1_000
    written = now
    const requests = Array.from({ length: Math.floor(owed) }, () => traffic.requestAt(now, ended))
    owed -= requests.length
    await limited(gateway, requests, limit)
      .then(answered =>
        append(
          gateway,
          stream,
          answered.map(request => ({ id: "*", request })),
          keep(),
        ),
      )
      .catch(() => {})
  }
}

/** Yields the arrivals between `start` and `until`: whole milliseconds and the number of requests in each. */
function* arrivals(traffic: Traffic, rate: number, start: number, until: number) {
  let owed = 0
  for (let ms = Math.ceil(start); ms < until; ms++) {
    owed += traffic.rateAt(ms, rate) / 1_000
    const count = Math.floor(owed)
    if (count > 0) yield { ms, count }
    owed -= count
  }
}

async function append(
  gateway: RedisClient,
  stream: string,
  batch: readonly Arrival[],
  keep = STREAM_LENGTH,
): Promise<void> {
  if (batch.length === 0) return
  await gateway.run(async redis => {
    const pipeline = redis.pipeline()
    for (const { id, request } of batch) pipeline.xadd(stream, "MAXLEN", "~", keep, id, ...request.flat())
    const replies = (await pipeline.exec()) ?? []
    for (const [error] of replies) if (error) throw error
  })
}

const EVERY_MS = 1_000

/** The `userIds` with a mark in the API's database (contract, section 4), kept up to date until `signal` fires. */
export function watchEndedSessions(
  api: RedisClient,
  userIds: readonly string[],
  signal: AbortSignal,
): ReadonlySet<string> {
  const ended = new Set<string>()
  const keys = userIds.map(tokenMarkKey)
  const read = async () => {
    const marks = await api.run(redis => redis.mget(keys), signal)
    ended.clear()
    for (const [i, userId] of userIds.entries()) if (typeof marks[i] === "string") ended.add(userId)
  }
  const watch = async () => {
    while (!signal.aborted) {
      // While Redis is away, the last known state stays.
      await read().catch(() => {})
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
    }
  }
  void watch()
  return ended
}
