import { z } from "zod"
import { accessLogEntry } from "./access-log.ts"
import { LOG_FIELDS, type LogOption } from "./access-log-fields.ts"
import { and, type Filter, type FilterOptions, filterFromOptions, parseFilter } from "./access-log-filter.ts"
import { limit, risk, text } from "./fields.ts"
import { readCursor } from "./log-cursor.ts"
import { HIGHEST_SEQ, isStreamId } from "./stream-entry.ts"
import { momentOf } from "./time-target.ts"

const TIMES = "a time such as 3h (ago), 03:00, 2026-03-01 or 2026-03-01T12:00:00Z, in UTC unless it says otherwise"
const notWhole = `must be the id of an entry, like 1700000012345-0, or ${TIMES}`

/** Stream id, or a time, which becomes what `idAt` says. The id is the lowest or highest that is wanted. */
const bound = (idAt: (ms: number) => string) =>
  z
    .string()
    .refine(value => isStreamId(value) || momentOf(value, Date.now()) !== undefined, notWhole)
    .transform(value => (isStreamId(value) ? value : idAt(momentOf(value, Date.now()) as number)))
    .meta({ placeholder: "ID|TIME" })

/** The first id that an entry of that time can have. */
const since = bound(ms => `${ms}-0`)
/** The last id of the time before. */
const until = bound(ms => (ms === 0 ? "0-0" : `${ms - 1}-${HIGHEST_SEQ}`))

/** Place to read on from (`log-cursor`). */
const cursor = z
  .string()
  .refine(value => readCursor(value) !== undefined, "must be the id of an entry, or what next_before said")
  .meta({ placeholder: "ID" })

/** Names of gateways. */
export const gateway = z
  .array(text)
  .min(1)
  .optional()
  .meta({ label: "only what this gateway logged, of several that the profile lists", placeholder: "NAME" })

type OptionSchema = z.ZodOptional<z.ZodType<string | number>>

/** Options that the fields of the log declare. A risk is a number for scripts, as in the answer. */
const options = Object.fromEntries(
  LOG_FIELDS.flatMap(({ kind, option }): [string, OptionSchema][] => {
    if (option === undefined) return []
    const { name, operator: _, ...meta } = option
    const schema: OptionSchema = (kind === "risk" ? risk : text).optional()
    return [[name, schema.meta(meta)]]
  }),
) as Readonly<Record<LogOption, OptionSchema>>

/** The fields of a query that say which requests are meant. */
export const filters = {
  filter: text
    .optional()
    .meta({ positional: true, words: true, label: "such as 'status:5xx risk>=0.8 -path:/healthz'" }),
  ...options,
}

/** Input of `log` (contract, section 2). */
export const logQuery = z.object({
  ...filters,
  since: since.optional().meta({ label: "the oldest entry wanted" }),
  until: until.optional().meta({ label: "the newest entry wanted; a time is the end, and not in it" }),
  before: cursor.optional().meta({ label: "only what is older than this entry" }),
  gateway,
  limit,
})

/** Input of `log --follow` (contract, section 2). */
export const followQuery = z.object({
  ...filters,
  since: since.optional().meta({ label: "where to begin; without it, now" }),
  gateway,
  alerts: z.array(text).min(1).optional().meta({
    label: "end with 7 once it fires, such as 'error% > 5 for 30s'; measured is all that is read, whatever the filter",
    placeholder: "RULE",
  }),
})

/** Combines options and expression of a query into one filter. Throws DeckError `invalid` with the field at fault. */
export function filterOf({ filter, ...query }: FilterOptions & { readonly filter?: string | undefined }): Filter {
  return and(filterFromOptions(query), parseFilter(filter ?? ""))
}

/** Answer of `log` (contract, section 2), newest first; `next_before` only when there is more, the window where it was given. */
const logPage = z.object({
  since: z.string().optional(),
  until: z.string().optional(),
  data: z.array(accessLogEntry),
  has_more: z.boolean(),
  next_before: z.string().optional(),
})
export type LogPage = z.infer<typeof logPage>

/** Command that reads the log. */
export const logCommand = { words: ["log"], input: logQuery, answer: logPage }
