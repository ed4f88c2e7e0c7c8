import { rfc3339 } from "../../domain/access-log.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Compared } from "../../domain/log-counts/compare.ts"
import { type TimeWindow, windowText } from "../../domain/time-window.ts"
import type { CountedLog } from "./counted-log.ts"

/** Returns how many seconds of each window are held. Throws DeckError `not_found` where it is none of one. */
export const secondsOfBoth = ({ after, before }: Compared, log: CountedLog) => ({
  after: heldOf(after, log, "window"),
  before: heldOf(before, log, "with"),
})

function heldOf(window: TimeWindow, { held, missing }: CountedLog, field: "window" | "with"): number {
  const seconds = held(window)
  if (seconds > 0) return seconds
  const oldest = missing.find(({ reason }) => reason === "not_held")
  const since = oldest && oldest.untilMs < Date.now() ? `: the log is held since ${rfc3339(oldest.untilMs)}` : ""
  throw new DeckError("not_found", `nothing is held of ${windowText(window)}${since}`, { field })
}
