import { rfc3339 } from "../../../../domain/access-log.ts"
import { panelMovers } from "../../../../domain/log-counts/window-movers.ts"
import type { MoversSnapshot, MoversWatch } from "../../../../domain/movers/movers-snapshot.ts"
import { secondsOf, type TimeWindow } from "../../../../domain/time-window.ts"
import type { Deck } from "../../../../services/deck.ts"
import { windowMovers } from "../../../../services/log-counts/window-movers.ts"

/** Counts the movers of a window among the requests that pass `filter`. Throws DeckError; the signal ends the engine's query. */
export async function readMovers(
  deck: Deck,
  filter: string,
  window: TimeWindow,
  watch: MoversWatch,
  signal: AbortSignal,
): Promise<MoversSnapshot> {
  const { sort, reversed, rows, only } = watch
  const asked = { filter: filter || undefined, since: rfc3339(window.fromMs), until: rfc3339(window.untilMs) }
  const counted = await deck.run(windowMovers, { ...asked, sort, reversed, only, limit: rows }, { signal })
  const dimensions = panelMovers(counted)
  const requests = dimensions.map(({ movers }) => movers.reduce((sum, { perSecond }) => sum + perSecond, 0))
  return {
    watch,
    perSecond: Math.max(0, ...requests),
    seenSeconds: Math.min(counted.seen, secondsOf(window)),
    dimensions,
  }
}
