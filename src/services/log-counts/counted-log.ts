import { openHistory } from "../../adapters/history/engines.ts"
import type { Held, Stretch } from "../../adapters/history/store.ts"
import type { Gateway } from "../../adapters/redis/connections.ts"
import { readBackOf } from "../../adapters/redis/read-log-back.ts"
import { LOWEST_ID, orderOfIds } from "../../adapters/redis/stream-ids.ts"
import { streamInfoOf } from "../../adapters/redis/stream-info.ts"
import { type Filter, userTerms } from "../../domain/access-log-filter.ts"
import { gapOf, gapsQuery, type Missing } from "../../domain/log-counts/missing.ts"
import type { Asked } from "../../domain/log-counts/requests.ts"
import { HIGHEST_SEQ, parseStreamId, type StreamEntry } from "../../domain/stream-entry.ts"
import type { TimeWindow } from "../../domain/time-window.ts"
import { seamOf } from "../history/seam.ts"
import type { LogSources } from "../history/sources.ts"

/** The log's requests of some windows, and what of these is in no count. */
export interface CountedLog extends Pick<Stretch, "ask"> {
  readonly missing: readonly Missing[]
}

/** Compiles what is asked for. Throws DeckError. */
export async function askedFor(sources: LogSources, filter: Filter): Promise<Asked> {
  return { filter, users: await sources.usersOf(userTerms(filter)) }
}

/**
 * Gathers the requests of some windows, each once, from the history and from the stream behind it, for `work`. Throws DeckError,
 * "unavailable" where the history's engine is not installed or the history cannot be read.
 */
export async function countedWithin<T>(
  { history = openHistory(undefined), gateway, signal }: LogSources,
  windows: readonly TimeWindow[],
  work: (log: CountedLog) => Promise<T>,
): Promise<T> {
  const held = await history.newest()
  const behind = await streamBehind(gateway, held, windows, signal)
  const stretch = await history.stretch(windows, held, behind.recent, signal)
  try {
    const gaps = (await stretch.ask(gapsQuery, { eventsOnly: true })).map(gapOf)
    const missing = [...behind.missing, ...gaps].toSorted((a, b) => a.fromMs - b.fromMs)
    return await work({ ask: (query, part) => stretch.ask(query, part), missing })
  } finally {
    stretch.close()
  }
}

interface Behind {
  readonly recent: AsyncIterable<readonly StreamEntry[]>
  readonly missing: readonly Missing[]
}

/** What the stream holds of the windows behind the history, and what neither does. */
async function streamBehind(
  gateway: Gateway | undefined,
  held: Held | undefined,
  windows: readonly TimeWindow[],
  signal: AbortSignal,
): Promise<Behind> {
  const oldestMs = held?.oldestMs
  const notBefore = (ms: number): Missing => ({ fromMs: 0, untilMs: ms, lost: null, reason: "not_held" })
  if (gateway === undefined) {
    const end = held?.untilMs ?? 0
    const later = { fromMs: end, untilMs: Number.POSITIVE_INFINITY, lost: null, reason: "not_recorded" }
    return { recent: nothing(), missing: [notBefore(oldestMs ?? end), later] }
  }
  const seam = held && (await seamOf(gateway, held, signal))
  const { firstId } = seam?.info ?? (await streamInfoOf(gateway.client, gateway.stream, signal))
  const oldest = oldestMs ?? (firstId === undefined ? Date.now() : parseStreamId(firstId)[0])
  const { gap } = seam ?? {}
  const lost: Missing[] = gap
    ? [gapOf({ ...gap, ms: parseStreamId(gap.from)[0], to_id: gap.to, reason: "trimmed" })]
    : []
  return {
    recent: streamOf(gateway, seam?.after ?? LOWEST_ID, windows, signal),
    missing: [notBefore(oldest), ...lost],
  }
}

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
