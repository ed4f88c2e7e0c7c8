import { openHistory } from "../../adapters/history/engines.ts"
import type { Counted, Held, Stretch } from "../../adapters/history/store.ts"
import type { Gateway } from "../../adapters/redis/connections.ts"
import { readBackOf } from "../../adapters/redis/read-log-back.ts"
import { LOWEST_ID, orderOfIds } from "../../adapters/redis/stream-ids.ts"
import { streamInfoOf } from "../../adapters/redis/stream-info.ts"
import { type Filter, userTerms } from "../../domain/access-log-filter.ts"
import { DeckError } from "../../domain/errors.ts"
import { gapOf, gapsQuery, heldFrom, type Missing, secondsHeld } from "../../domain/log-counts/missing.ts"
import type { Asked } from "../../domain/log-counts/requests.ts"
import { HIGHEST_SEQ, parseStreamId, type StreamEntry } from "../../domain/stream-entry.ts"
import type { TimeWindow } from "../../domain/time-window.ts"
import { seamOf } from "../history/seam.ts"
import {
  type GatewayLog,
  type LogSources,
  refuseUnknownGateways,
  type Unread,
  unreadError,
} from "../history/sources.ts"

/** The log's requests of some windows, and what of these is in no count. */
export interface CountedLog extends Pick<Stretch, "ask"> {
  /** By time; a part that several gateways lack is there for each. */
  readonly missing: readonly Missing[]
  /** How many seconds of a window are held, of one gateway or of all: of several on average, so that rates are of all of them. */
  held(window: TimeWindow, gateway?: string): number
  /** From when on anything of a window is held. */
  heldFrom(window: TimeWindow): number
}

/** Compiles what is asked for. Throws DeckError. */
export async function askedFor(sources: LogSources, filter: Filter): Promise<Asked> {
  refuseUnknownGateways(filter, sources.logs)
  return { filter, users: await sources.usersOf(userTerms(filter)) }
}

/**
 * Gathers the requests of some windows, each once, from the histories of the gateways and from the streams behind them, for `work`. Of
 * several gateways those whose streams are out of reach are counted as far as they are recorded. Throws DeckError, "unavailable"
 * where the history's engine is not installed or the history cannot be read.
 */
export async function countedWithin<T>(
  { history, logs, signal }: LogSources,
  windows: readonly TimeWindow[],
  work: (log: CountedLog) => Promise<T>,
): Promise<T> {
  const opened = history ?? openHistory(undefined)
  try {
    const behind = await behindEach(logs, windows, signal)
    const stretch = await opened.stretch(windows, behind, signal)
    try {
      const gaps = (await stretch.ask(gapsQuery, { eventsOnly: true })).map(gapOf)
      const missing = [...behind.flatMap(of => of.missing), ...gaps].toSorted((a, b) => a.fromMs - b.fromMs)
      return await work({
        ask: (query, part) => stretch.ask(query, part),
        missing,
        held: (window, gateway) =>
          gateway === undefined
            ? secondsHeld(window, missing, logs.length)
            : secondsHeld(
                window,
                missing.filter(part => part.gateway === gateway),
              ),
        heldFrom: window => heldFrom(window, missing, logs.length),
      })
    } finally {
      stretch.close()
    }
  } finally {
    if (opened !== history) opened.close()
  }
}

/** What is counted of a gateway, and what of it is missing. */
interface Behind extends Counted {
  readonly missing: readonly Missing[]
}

async function behindEach(
  logs: readonly GatewayLog[],
  windows: readonly TimeWindow[],
  signal: AbortSignal,
): Promise<Behind[]> {
  const unread: Unread[] = []
  const each = logs.map(async (log): Promise<Behind> => {
    const held = await log.history?.newest()
    try {
      return await streamBehind(log, held, windows, signal)
    } catch (error) {
      if (logs.length === 1 || !(error instanceof DeckError) || error.code !== "unavailable") throw error
      unread.push({ name: log.name, error })
      return historyOf(log.name, held, "out_of_reach")
    }
  })
  const behind = await Promise.all(each)
  if (unread.length === logs.length && unread.length > 0) throw unreadError(unread, logs)
  return behind
}

/** What a history holds by itself; why nothing is known of the time behind it. */
function historyOf(name: string, held: Held | undefined, reason: string): Behind {
  const end = held?.untilMs ?? 0
  const missing = [
    notBefore(held?.oldestMs ?? end),
    { fromMs: end, untilMs: Number.POSITIVE_INFINITY, lost: null, reason },
  ]
  return { name, held, recent: nothing(), missing: missing.map(part => ofNamed(name, part)) }
}

/** What the stream holds of the windows behind the history, and what neither does. */
async function streamBehind(
  { name, gateway }: GatewayLog,
  held: Held | undefined,
  windows: readonly TimeWindow[],
  signal: AbortSignal,
): Promise<Behind> {
  if (gateway === undefined) return historyOf(name, held, "not_recorded")
  const seam = held && (await seamOf(gateway, held, signal))
  const { firstId } = seam?.info ?? (await streamInfoOf(gateway.client, gateway.stream, signal))
  const oldest = held?.oldestMs ?? (firstId === undefined ? Date.now() : parseStreamId(firstId)[0])
  const { gap } = seam ?? {}
  const lost: Missing[] = gap
    ? [gapOf({ ...gap, ms: parseStreamId(gap.from)[0], to_id: gap.to, reason: "trimmed" })]
    : []
  return {
    name,
    held,
    recent: streamOf(gateway, seam?.after ?? LOWEST_ID, windows, signal),
    missing: [notBefore(oldest), ...lost].map(part => ofNamed(name, part)),
  }
}

const notBefore = (ms: number): Missing => ({ fromMs: 0, untilMs: ms, lost: null, reason: "not_held" })

const ofNamed = (name: string, part: Missing): Missing => (name === "" ? part : { ...part, gateway: name })

async function* nothing(): AsyncGenerator<StreamEntry[]> {}

/** Reads the stream behind an id, as far as the windows reach. */
async function* streamOf(
  gateway: Gateway,
  after: string,
  windows: readonly TimeWindow[],
  signal: AbortSignal,
): AsyncGenerator<StreamEntry[]> {
  const [fromMs, untilMs] = [Math.min(...windows.map(of => of.fromMs)), Math.max(...windows.map(of => of.untilMs))]
  const first = `${Math.max(0, Math.ceil(fromMs))}-0`
  const downTo = orderOfIds(first, after) > 0 ? first : after
  const range = { upTo: `${Math.max(0, Math.ceil(untilMs) - 1)}-${HIGHEST_SEQ}`, downTo }
  for await (const entries of readBackOf(gateway, range, signal)) {
    yield entries.filter(({ id }) => orderOfIds(id, after) > 0)
  }
}
