import { DeckError } from "../errors.ts"
import { text } from "../fields.ts"
import { momentOf } from "../time-target.ts"
import type { TimeWindow } from "../time-window.ts"

const TIMES = "a time such as 3h (ago), 03:00, 2026-03-01 or 2026-03-01T12:00:00Z, in UTC unless it says otherwise"

const moment = text.refine(typed => momentOf(typed, Date.now()) !== undefined, `must be ${TIMES}`)

export const since = moment
  .default("1h")
  .meta({ label: "when the window begins; an hour ago unless it is said", placeholder: "TIME|3h" })
export const until = moment.optional().meta({ label: "when it ends; now unless it is said", placeholder: "TIME|2h" })

/** Returns the window from `since` to `until`, which is not after `now`. Throws DeckError `invalid` for an empty one. */
export function windowBetween(since: string, until: string | undefined, now: number): TimeWindow {
  const fromMs = momentOf(since, now) as number
  const untilMs = Math.min(now, until === undefined ? now : (momentOf(until, now) as number))
  if (fromMs >= untilMs)
    throw new DeckError("invalid", "must be before the end, and not in the future", { field: "since" })
  return { fromMs, untilMs }
}
