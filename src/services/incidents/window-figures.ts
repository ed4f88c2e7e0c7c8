import { createHistogram } from "node:perf_hooks"
import { previousId } from "../../adapters/redis/stream-ids.ts"
import { rfc3339 } from "../../domain/access-log.ts"
import type { WindowFigures } from "../../domain/incident/incident-page.ts"
import { FAILED, REFUSED, statusClassAt } from "../../domain/status-class.ts"
import type { TimeWindow } from "../../domain/time-window.ts"
import { cursorOf, placeIn, readBackFrom, type Wanted } from "../history/log-past.ts"
import type { LogSources } from "../history/sources.ts"

/** Entries that are read at once, and at most. */
const PAGE = 10_000
const MOST = 500_000

const EVERYTHING: Pick<Wanted, "filter" | "users"> = { filter: [], users: new Map() }

/**
 * Counts the requests of a window, of stream and history; null where nothing of it is known. Of a window with more than 500 000
 * requests the newest are counted, and `since` says from when on. Throws DeckError `unavailable` where neither can be read.
 */
export async function figuresOf(sources: LogSources, { fromMs, untilMs }: TimeWindow): Promise<WindowFigures | null> {
  const range = { ...EVERYTHING, downTo: `${fromMs}-0`, upTo: previousId(`${untilMs}-0`) }
  const durations = createHistogram()
  let [requests, refused, failed, oldest] = [0, 0, 0, untilMs]
  let before: string | undefined
  for (;;) {
    const found = await readBackFrom(sources, { ...range, before: placeIn(before), limit: PAGE })
    for (const { entry } of found) {
      requests++
      const status = statusClassAt(entry.number("status"))
      if (status === REFUSED) refused++
      if (status === FAILED) failed++
      const took = entry.number("duration_ms")
      if (took !== null && took >= 0) durations.record(Math.max(1, Math.round(took)))
      oldest = Math.min(oldest, entry.ms)
    }
    const last = found.at(-1)
    if (found.length < PAGE || last === undefined || requests >= MOST) break
    before = cursorOf(last)
  }
  const isWhole = requests < MOST && (await reachesBack(sources, fromMs))
  if (requests === 0 && !isWhole) return null
  const since = isWhole ? fromMs : oldest
  const share = (count: number) => (requests === 0 ? null : count / requests)
  return {
    since: rfc3339(since),
    until: rfc3339(untilMs),
    requests,
    per_second: requests / Math.max(1, (untilMs - since) / 1000),
    refused: share(refused),
    failed: share(failed),
    p95: durations.count === 0 ? null : durations.percentile(95),
  }
}

/** Whether something is known of the time before a moment. */
async function reachesBack(sources: LogSources, ms: number): Promise<boolean> {
  const upTo = previousId(`${ms}-0`)
  const found = await readBackFrom(sources, { ...EVERYTHING, before: undefined, downTo: undefined, upTo, limit: 1 })
  return found.length > 0
}
