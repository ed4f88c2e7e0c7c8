import type { Gateway } from "../../adapters/redis/connections.ts"
import { readBackOf } from "../../adapters/redis/read-log-back.ts"
import { previousId } from "../../adapters/redis/stream-ids.ts"
import { rfc3339 } from "../../domain/access-log.ts"
import { compileFilter } from "../../domain/access-log-filter.ts"
import type { WindowFigures } from "../../domain/incident/incident-page.ts"
import type { Asked } from "../../domain/log-counts/requests.ts"
import { RequestCounts } from "../../domain/request-counts.ts"
import { FAILED, REFUSED } from "../../domain/status-class.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import { secondsOf, type TimeWindow } from "../../domain/time-window.ts"
import { isRecorded, type LogSources } from "../history/sources.ts"
import { countedBars } from "../log-counts/counted-bars.ts"
import { type CountedLog, countedWithin } from "../log-counts/counted-log.ts"

/** Of a stream without a history, so many entries are counted at most. */
const MOST = 500_000

/** Counts the requests of a window that are asked for; null where nothing of it is known. */
export type FiguresOf = (window: TimeWindow, asked: Asked) => Promise<WindowFigures | null>

/**
 * Gathers the requests of some windows for `work`: of history and stream, counted by the engine, or where none is recorded of the
 * stream alone, which needs none. Throws DeckError `unavailable` where they cannot be read.
 */
export async function withFigures<T>(
  sources: LogSources,
  windows: readonly TimeWindow[],
  work: (figuresOf: FiguresOf) => Promise<T>,
): Promise<T> {
  if (!(await isRecorded(sources))) return work((window, asked) => ofStreams(sources, window, asked))
  return countedWithin(sources, windows, log => work((window, asked) => counted(log, window, asked)))
}

async function counted(log: CountedLog, window: TimeWindow, asked: Asked): Promise<WindowFigures | null> {
  const seconds = log.held(window)
  if (seconds === 0) return null
  const bars = { ...window, stepMs: window.untilMs - window.fromMs }
  const [bar] = await countedBars(log, bars, asked)
  return bar === undefined ? null : figuresFrom(bar, log.heldFrom(window), window.untilMs, seconds)
}

interface Counts {
  readonly requests: number
  readonly refused: number
  readonly failed: number
  readonly p95: number | null
}

function figuresFrom(
  { requests, refused, failed, p95 }: Counts,
  since: number,
  until: number,
  seconds: number,
): WindowFigures {
  const share = (count: number) => (requests === 0 ? null : count / requests)
  return {
    since: rfc3339(since),
    until: rfc3339(until),
    requests,
    per_second: requests / Math.max(1, seconds),
    refused: share(refused),
    failed: share(failed),
    p95,
  }
}

/**
 * Counts the requests of the streams. Of a window with more than 500 000 requests of a gateway the newest are counted, and `since` says
 * from when on.
 */
async function ofStreams(
  { logs, signal }: LogSources,
  window: TimeWindow,
  { filter, users }: Asked,
): Promise<WindowFigures | null> {
  const accepts = compileFilter(filter, users)
  const counts = new RequestCounts()
  const begins: number[] = []
  for (const { gateway } of logs) {
    const since =
      gateway && (await countStream(gateway, window, signal, entry => accepts(entry) && counts.accept(entry)))
    if (since !== undefined) begins.push(since)
  }
  if (begins.length === 0) return null
  const { count: requests, classes } = counts
  const [refused = 0, failed = 0] = [classes[REFUSED], classes[FAILED]]
  const seconds = begins.reduce((sum, fromMs) => sum + secondsOf({ ...window, fromMs }), 0) / logs.length
  const p95 = counts.percentile(95)
  return figuresFrom({ requests, refused, failed, p95 }, Math.min(...begins), window.untilMs, seconds)
}

/** Hands each entry of a stream in the window to `take`; returns from when on they were counted, undefined where nothing is known. */
async function countStream(
  gateway: Gateway,
  window: TimeWindow,
  signal: AbortSignal,
  take: (entry: StreamEntry) => void,
): Promise<number | undefined> {
  let read = 0
  let since: number | undefined
  for await (const entries of readBackOf(gateway, { upTo: previousId(`${window.untilMs}-0`) }, signal)) {
    for (const entry of entries) {
      // Something is known of the time before it: so the window is known whole.
      if (entry.ms < window.fromMs) return window.fromMs
      since = entry.ms
      if (++read > MOST) return since
      take(entry)
    }
  }
  return since
}
