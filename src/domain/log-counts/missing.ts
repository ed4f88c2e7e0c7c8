import { z } from "zod"
import { rfc3339 } from "../access-log.ts"
import { COUNTS_AT, type SqlQuery, type SqlRow } from "../sql-dialect.ts"
import { parseStreamId } from "../stream-entry.ts"
import { secondsOf, type TimeWindow } from "../time-window.ts"

/** A part of a window whose requests are in no count. */
export interface Missing extends TimeWindow {
  /** The gateway whose requests they are, where gateways have names. */
  readonly gateway?: string
  /** How many requests; null where nobody knows. */
  readonly lost: number | null
  /** `not_held`: it lies before all that is kept; `not_recorded`: behind what is recorded so far; `out_of_reach`: as well, in
   * a stream that could not be read. Else as of a gap in the history. */
  readonly reason: string
}

export const missingPart = z.object({
  from: z.string(),
  until: z.string(),
  lost: z.number().nullable(),
  reason: z.string(),
  gateway: z.string().optional(),
})

/** The parts of the window that no count holds: a member of `--json` alone. */
export const missingParts = z.array(missingPart).meta({ detail: true })

export const toMissingPart = ({ fromMs, untilMs, lost, reason, gateway }: Missing): z.infer<typeof missingPart> => ({
  from: rfc3339(fromMs),
  until: rfc3339(untilMs),
  lost,
  reason,
  ...(gateway !== undefined && { gateway }),
})

/** Asks for the gaps of the history. */
export const gapsQuery: SqlQuery = relation =>
  `select gateway, ms, to_id, lost, reason from ${relation} where event = 'gap' order by ${COUNTS_AT}`

/** Reads the gaps; of one whose end nobody knows, that of an epoch, its beginning is told. */
export const gapOf = ({ gateway, ms, to_id, lost, reason }: SqlRow): Missing => ({
  ...(gateway ? { gateway: String(gateway) } : {}),
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

/** Returns how many seconds of the window are held: on average, where it is the log of several `gateways`. */
export const secondsHeld = (window: TimeWindow, missing: readonly Missing[], gateways = 1): number =>
  Math.max(
    0,
    missingWithin(window, missing).reduce((seconds, part) => seconds - secondsOf(part) / gateways, secondsOf(window)),
  )

/** Returns from when on anything of the window is held, of any of the `gateways`. */
export function heldFrom(window: TimeWindow, missing: readonly Missing[], gateways = 1): number {
  const begins = missingWithin(window, missing).filter(({ fromMs }) => fromMs === window.fromMs)
  const each = [...Map.groupBy(begins, ({ gateway }) => gateway).values()]
  return each.length < gateways
    ? window.fromMs
    : Math.min(...each.map(parts => Math.max(...parts.map(({ untilMs }) => untilMs))))
}

const REASONS: Readonly<Record<string, string>> = {
  not_held: "nothing is kept",
  not_recording: "nobody recorded",
  not_recorded: "not recorded yet",
  out_of_reach: "its Redis is out of reach",
  trimmed: "the stream dropped them before they were read",
  not_written: "they could not be written",
  epoch_ended: "the stream was made anew while nobody recorded",
  failover: "Redis failed over",
}

/** Says what of a window is in no count; undefined where all of it is. */
export function missingText(parts: readonly z.infer<typeof missingPart>[]): string | undefined {
  // What could be had again by mending something is said first.
  const first = parts.find(part => part.reason === "out_of_reach") ?? parts[0]
  if (first === undefined) return undefined
  const { from, until, lost, reason, gateway } = first
  const when = from === until ? `at ${from}` : `from ${from} to ${until}`
  const what = lost === null ? "" : ` ${lost} requests,`
  const more = parts.length === 1 ? "" : `; and ${parts.length - 1} more such parts, which --json lists`
  const whose = gateway === undefined ? "" : ` of ${gateway},`
  return `not counted:${whose}${what} ${when} (${REASONS[reason] ?? reason})${more}`
}
