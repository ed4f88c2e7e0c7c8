import { setTimeout as delay } from "node:timers/promises"
import type { Gateway } from "./connections.ts"
import { followStream, GATHER_MS } from "./follow.ts"
import { type LogEvent, LogMerge } from "./log-merge.ts"
import { LOWEST_ID, orderOfIds } from "./stream-ids.ts"
import { type StreamInfo, streamInfoOf } from "./stream-info.ts"
import { back, type StreamStart } from "./stream-start.ts"

export type { LogEvent } from "./log-merge.ts"

/** Where the log of all gateways may begin: the accounts of an earlier reader are of one stream. */
export type LogStart = Exclude<StreamStart, { resume: unknown }>

/** How many entries of all gateways together are read ahead of the consumer, about. */
const MOST_WAITING = 40_000
/** A read less often finds more at once, which costs less; several readers take turns. */
const LONGEST_GATHER_MS = 150
/** How long is waited for the state of a stream before reading begins. */
const LOOK_MS = 500

/**
 * Follows the log of all gateways, merged by time (`LogMerge`), as `followStream` follows one: each has its own connection and
 * accounts. Throws DeckError("invalid") at the first step for a malformed URL.
 */
export async function* followLog(
  gateways: readonly Gateway[],
  start: LogStart,
  signal: AbortSignal,
): AsyncGenerator<LogEvent> {
  const [first, ...others] = gateways
  if (first === undefined) return
  if (others.length > 0) return yield* followSeveral(gateways, await commonStart(gateways, start, signal), signal)
  const { name, redis, stream } = first
  for await (const event of followStream(redis, stream, start, signal)) {
    if (name !== "" && event.kind === "entries") for (const entry of event.entries) entry.gateway = name
    yield name === "" ? event : { ...event, gateway: name }
  }
}

async function* followSeveral(
  gateways: readonly Gateway[],
  start: LogStart,
  signal: AbortSignal,
): AsyncGenerator<LogEvent> {
  const merge = new LogMerge(
    gateways.map(({ name }) => name),
    performance.now(),
  )
  const stopping = new AbortController()
  const until = AbortSignal.any([signal, stopping.signal])
  const news = new Bell()
  const room = new Bell()
  until.addEventListener("abort", () => {
    news.ring()
    room.ring()
  })
  const most = MOST_WAITING / gateways.length
  const gatherMs = Math.min(LONGEST_GATHER_MS, gateways.length * GATHER_MS)
  const follow = async ({ name, redis, stream }: Gateway) => {
    for await (const event of followStream(redis, stream, start, until, gatherMs)) {
      merge.push(name, event, performance.now())
      news.ring()
      while (merge.heldOf(name) >= most && !until.aborted) await room.next
    }
  }
  let failure: { readonly error: unknown } | undefined
  const following = Promise.all(gateways.map(follow)).catch(error => {
    failure = { error }
    news.ring()
  })
  try {
    while (!until.aborted) {
      const rung = news.next
      yield* merge.take(performance.now())
      room.ring()
      if (failure !== undefined) throw failure.error
      const { dueMs } = merge
      await (dueMs === undefined ? rung : Promise.race([rung, delay(Math.max(0, dueMs - performance.now()))]))
    }
  } finally {
    stopping.abort()
    await following
  }
}

/** Wakes all who wait for its next ring. */
class Bell {
  private waiting = Promise.withResolvers<void>()

  get next(): Promise<void> {
    return this.waiting.promise
  }

  ring(): void {
    this.waiting.resolve()
    this.waiting = Promise.withResolvers()
  }
}

/**
 * One moment for all gateways to begin at, where each would have its own: the latest of them, so that nothing of one is shown of a time
 * of which others hold nothing. One whose ids are ahead of the time says nothing of the others.
 */
async function commonStart(gateways: readonly Gateway[], start: LogStart, signal: AbortSignal): Promise<LogStart> {
  if (typeof start !== "object" || !("backMs" in start)) return start
  const share = { ...start, most: Math.floor(start.most / gateways.length) }
  const look = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)])
  const infos = await Promise.all(
    gateways.map(({ client, stream }) =>
      streamInfoOf(client, stream, look).catch((): StreamInfo | undefined => undefined),
    ),
  )
  const now = `${Date.now()}-0`
  const begins = infos
    .flatMap(info => (info === undefined ? [] : [beginOf(share, info)]))
    .filter(id => orderOfIds(id, now) <= 0)
  return { from: begins.toSorted(orderOfIds).at(-1) ?? LOWEST_ID }
}

/** Where one would begin: at its oldest entry, where that is later. */
function beginOf(share: { readonly backMs: number; readonly most: number }, info: StreamInfo): string {
  const begin = back(share, info)
  return info.firstId !== undefined && orderOfIds(info.firstId, begin) > 0 ? info.firstId : begin
}
