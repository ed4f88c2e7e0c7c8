import { z } from "zod"
import { accessLogEntry } from "../access-log.ts"
import { incidentId } from "./incident-id.ts"

/** Ends of what a text may be long: a note is a sentence or some, not a file. */
export const LONGEST_TEXT = 2000

const words = z.string().max(LONGEST_TEXT)

/** When it happened. */
const at = z.iso.datetime()

/** Whose line it is: of which incident, and the operator by login or name; null where the account has neither. */
const whose = {
  /** Names the line for those that correct it; lines of the first versions have none, and cannot be corrected. */
  id: z.string().optional(),
  incident: incidentId,
  by: z.string().nullable(),
}

const start = z.object({ ...whose, at, kind: z.literal("start"), text: words })
const note = z.object({ ...whose, at, kind: z.literal("note"), text: words })
const end = z.object({ ...whose, at, kind: z.literal("end") })
/** What the note, or the beginning, `of` says in place of what it said. */
const correction = z.object({ ...whose, at, kind: z.literal("correction"), of: z.string(), text: words })
/** The pin `of` is taken back. */
const withdrawal = z.object({ ...whose, at, kind: z.literal("withdrawal"), of: z.string() })

/** A request that somebody pinned, with all its fields. */
const entry = z.object({ at, kind: z.literal("entry"), entry: accessLogEntry })
/** A value of a dimension that somebody pinned, and how its requests fared in the minutes before. */
const mover = z.object({
  at,
  kind: z.literal("mover"),
  dimension: z.string(),
  value: z.string(),
  /** Its requests, as a filter. */
  filter: z.string(),
  minutes: z.number(),
  requests: z.number(),
  /** Shares of its requests, 0 to 1. */
  refused: z.number(),
  failed: z.number(),
  /** In ms; null where no request has a duration. */
  p95: z.number().nullable(),
})
/** A comparison of two windows that somebody pinned: how often what is compared came in each, and the values that explain most of it. */
export const pinnedChanges = z.object({
  at,
  kind: z.literal("changes"),
  /** The window that is explained, and the one it is compared with. */
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  with: z.string(),
  /** What is compared, as a filter. */
  filter: z.string(),
  before_per_s: z.number(),
  after_per_s: z.number(),
  values: z.array(
    z.object({
      dimension: z.string(),
      value: z.string(),
      before_per_s: z.number(),
      after_per_s: z.number(),
      share_of_change: z.number().nullable(),
      /** When the first came; null where there were such before. */
      since: z.string().nullable(),
    }),
  ),
})

export type PinnedChanges = z.infer<typeof pinnedChanges>

/** An alert of a console that fired or calmed. */
const alert = z.object({
  at,
  kind: z.literal("alert"),
  rule: z.string(),
  is_on: z.boolean(),
  figure: z.string().nullable(),
  of: z.string(),
})
/** A bar of a console's timeline in which far more errors began than is usual. */
const burst = z.object({
  at,
  kind: z.literal("burst"),
  /** Width of the bar, and all its requests, whatever the scope. */
  seconds: z.number(),
  requests: z.number(),
  failed: z.number(),
  /** Requests whose failures stood out, as a filter. */
  scope: z.string().optional(),
})
/** The end of a burst: its requests from `since` on. */
const subsided = z.object({
  at,
  kind: z.literal("subsided"),
  since: z.iso.datetime(),
  requests: z.number(),
  failed: z.number(),
})
/** The filter that an operator's log has from then on; empty for none. */
const filter = z.object({ at, kind: z.literal("filter"), filter: z.string() })

/** What a console writes down of itself, or its operator pins. */
export const seenLine = z.discriminatedUnion("kind", [entry, mover, pinnedChanges, alert, burst, subsided, filter])
export type SeenLine = z.infer<typeof seenLine>

/** A line of a file of an incident: what somebody wrote, or what a console saw. */
export const incidentLine = z.discriminatedUnion("kind", [
  start,
  note,
  end,
  correction,
  withdrawal,
  entry.extend(whose),
  mover.extend(whose),
  pinnedChanges.extend(whose),
  alert.extend(whose),
  burst.extend(whose),
  subsided.extend(whose),
  filter.extend(whose),
])
export type IncidentLine = z.infer<typeof incidentLine>

/** The lines of one writer, in their order. */
export interface WrittenBy {
  readonly writer: string
  readonly lines: readonly IncidentLine[]
}
