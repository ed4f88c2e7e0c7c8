import type { InspectedRun } from "../../../domain/inspected-run.ts"
import { type TimelineEvent, type TimelineRow, timelineRows } from "../../../domain/run-timeline.ts"
import type { Deck } from "../../../services/deck.ts"
import { readRunTimeline, TIMELINE_PAGE, type TimelinePage } from "../../../services/runs/run-timeline.ts"

/** As much of a run's timeline as was read. */
export interface Timeline {
  readonly events: readonly TimelineEvent[]
  readonly pieces: ReadonlyMap<bigint, number>
  readonly rows: readonly TimelineRow[]
  readonly inOrder: boolean
  /** Time of the last reading by the server's clock, ms since the epoch. */
  readonly readAt: number
  /** Whether all events there were are in it; else it is read on, or too long to be. */
  readonly ends: "all" | "reading" | "cut"
}

/** Events of the longest timeline. */
export const LONGEST = 10 * TIMELINE_PAGE

/** Reads a part of the timeline at a time, each after what was read before. */
export const timelineReading = {
  input: ({ run_id }: Pick<InspectedRun, "run_id">) => ({ run_id }),
  async read(deck: Deck, input: unknown, signal: AbortSignal, before?: Timeline): Promise<Timeline> {
    const next = async (known: Timeline | undefined) => {
      const after = known?.events.at(-1)?.seq
      return grown(known, await deck.run(readRunTimeline, { ...(input as object), after }, { signal }))
    }
    if (before?.ends === "cut") return before
    if (before === undefined || before.ends === "reading" || before.inOrder) return next(before)
    // A lower number may have appeared anywhere near the end: as many parts are read anew.
    let again = await next(undefined)
    while (again.ends === "reading" && again.events.length < before.events.length) again = await next(again)
    return again
  },
}

function grown(known: Timeline | undefined, page: TimelinePage): Timeline {
  const events = [...(known?.events ?? []), ...page.events]
  const isLong = page.more && events.length >= LONGEST
  return {
    events,
    pieces: new Map([...(known?.pieces ?? []), ...page.pieces]),
    rows: timelineRows(events),
    inOrder: page.inOrder,
    readAt: page.readAt,
    ends: isLong ? "cut" : page.more ? "reading" : "all",
  }
}
