import { z } from "zod"
import { rfc3339 } from "../access-log.ts"
import { COUNTS_AT, type SqlQuery, type SqlRow } from "../sql-dialect.ts"
import { parseStreamId } from "../stream-entry.ts"
import { secondsOf, type TimeWindow } from "../time-window.ts"

/** A part of a window whose requests are in no count. */
export interface Missing extends TimeWindow {
  /** How many requests; null where nobody knows. */
  readonly lost: number | null
  /** `not_held`: it lies before all that is kept; `not_recorded`: behind what is recorded so far. Else as of a gap in the history. */
  readonly reason: string
}

export const missingPart = z.object({
  from: z.string(),
  until: z.string(),
  lost: z.number().nullable(),
  reason: z.string(),
})

/** The parts of the window that no count holds: a member of `--json` alone. */
export const missingParts = z.array(missingPart).meta({ detail: true })

export const toMissingPart = ({ fromMs, untilMs, lost, reason }: Missing): z.infer<typeof missingPart> => ({
  from: rfc3339(fromMs),
  until: rfc3339(untilMs),
  lost,
  reason,
})

/** Asks for the gaps of the history. */
export const gapsQuery: SqlQuery = relation =>
  `select ms, to_id, lost, reason from ${relation} where event = 'gap' order by ${COUNTS_AT}`

/** Reads the gaps; of one whose end nobody knows, that of an epoch, its beginning is told. */
export const gapOf = ({ ms, to_id, lost, reason }: SqlRow): Missing => ({
  fromMs: Number(ms),
  untilMs: to_id === null ? Number(ms) : parseStreamId(String(to_id))[0],
  lost: Number(lost) || null,
  reason: String(reason),
})

/** Returns what of `missing` lies within the window. */
export const missingWithin = (window: TimeWindow, missing: readonly Missing[]): Missing[] =>
  missing
    .filter(({ fromMs, untilMs }) => {
      const isMoment = fromMs === untilMs
      return fromMs < window.untilMs && (untilMs > window.fromMs || (isMoment && fromMs === window.fromMs))
    })
    .map(part => ({
      ...part,
      fromMs: Math.max(part.fromMs, window.fromMs),
      untilMs: Math.min(part.untilMs, window.untilMs),
    }))

/** Returns how many seconds of the window are held. */
export const secondsHeld = (window: TimeWindow, missing: readonly Missing[]): number =>
  Math.max(
    0,
    missingWithin(window, missing).reduce((seconds, part) => seconds - secondsOf(part), secondsOf(window)),
  )

const REASONS: Readonly<Record<string, string>> = {
  not_held: "nothing is kept",
  not_recording: "nobody recorded",
  not_recorded: "not recorded yet",
  trimmed: "the stream dropped them before they were read",
  not_written: "they could not be written",
  epoch_ended: "the stream was made anew while nobody recorded",
  failover: "Redis failed over",
}

/** Says what of a window is in no count; undefined where all of it is. */
export function missingText(parts: readonly z.infer<typeof missingPart>[]): string | undefined {
  const [first] = parts
  if (first === undefined) return undefined
  const { from, until, lost, reason } = first
  const when = from === until ? `at ${from}` : `from ${from} to ${until}`
  const what = lost === null ? "" : ` ${lost} requests,`
  const more = parts.length === 1 ? "" : `; and ${parts.length - 1} more such parts, which --json lists`
  return `not counted:${what} ${when} (${REASONS[reason] ?? reason})${more}`
}
