import { rfc3339 } from "./access-log.ts"
import { DeckError } from "./errors.ts"
import { clockOn, isClock, momentOf } from "./time-target.ts"

/** A window of time, in ms since the epoch; its end is not in it. */
export interface TimeWindow {
  readonly fromMs: number
  readonly untilMs: number
}

/** Length of a window, in seconds. */
export const secondsOf = ({ fromMs, untilMs }: TimeWindow): number => (untilMs - fromMs) / 1000

/** Writes a window as `parseWindow` reads it. */
export const windowText = ({ fromMs, untilMs }: TimeWindow): string => `${rfc3339(fromMs)}..${rfc3339(untilMs)}`

export const WINDOWS =
  "two times such as 03:00..03:05, 3h..2h or 2026-03-01T03:00:00Z..2026-03-01T03:05:00Z, in UTC unless they say otherwise"

/**
 * Parses `A..B`, each a moment as in `since:` (contract, section 10). Times of day belong to one day: that of the other end, or
 * the last one on which A was. Without B, or where that is still to come, the window ends now. Throws DeckError `invalid`.
 */
export function parseWindow(typed: string, now: number): TimeWindow {
  const [from = "", until, ...more] = typed.trim().split("..")
  if (until === undefined || from === "" || more.length > 0) throw invalid(`must be ${WINDOWS}`)
  const moment = (text: string) => {
    const ms = momentOf(text, now)
    if (ms === undefined) throw invalid(`"${text}" is no time: write ${WINDOWS}`)
    return ms
  }
  const fromMs = isClock(from) && until !== "" && !isClock(until) ? clockOn(moment(until), from) : moment(from)
  const untilMs = until === "" ? now : isClock(until) ? clockOn(fromMs, until) : moment(until)
  if (fromMs >= now) throw invalid("the window is in the future")
  if (untilMs <= fromMs) {
    const overnight =
      isClock(from) && isClock(until)
        ? "; for one over midnight, write the days: 2026-03-01T23:50:00Z..2026-03-02T00:10:00Z"
        : ""
    throw invalid(`its end is not after its beginning${overnight}`)
  }
  return { fromMs, untilMs: Math.min(untilMs, now) }
}

const invalid = (message: string) => new DeckError("invalid", message, { field: "window" })

/** Returns the length that a text like `30s`, `5m`, `1h` or `1d` names, in ms; undefined for anything else. */
export function lengthOf(typed: string): number | undefined {
  const now = 2 ** 50
  const ms = /^\d/.test(typed) && /[smhdw]$/.test(typed) ? momentOf(typed, now) : undefined
  return ms === undefined || ms >= now ? undefined : now - ms
}
