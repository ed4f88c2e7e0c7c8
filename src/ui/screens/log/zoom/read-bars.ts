import { rfc3339 } from "../../../../domain/access-log.ts"
import type { Timeline } from "../../../../domain/access-log-timeline.ts"
import type { Deck } from "../../../../services/deck.ts"
import { logHistogram } from "../../../../services/log-counts/log-counts.ts"
import { timelineOfBars, type WideBars } from "./levels.ts"

/** Counts the bars of a level, of the requests that pass `filter`. Throws DeckError; the signal ends the engine's query. */
export async function readBars(deck: Deck, filter: string, bars: WideBars, signal: AbortSignal): Promise<Timeline> {
  const { fromMs, untilMs, stepMs } = bars
  const asked = {
    filter: filter || undefined,
    since: rfc3339(fromMs),
    until: untilMs === undefined ? undefined : rfc3339(untilMs),
    step: `${stepMs / 1000}s`,
  }
  const { since, until, data } = await deck.run(logHistogram, asked, { signal })
  return timelineOfBars({ fromMs: Date.parse(since), untilMs: Date.parse(until) }, stepMs, data)
}
