import { z } from "zod"
import { accessLogEntry } from "./access-log.ts"
import { LOG_FIELDS, type LogOption } from "./access-log-fields.ts"
import { and, type Filter, filterFromOptions, parseFilter } from "./access-log-filter.ts"
import { limit, risk, text, time } from "./fields.ts"
import { isStreamId } from "./stream-entry.ts"

const streamId = z
  .string()
  .refine(isStreamId, "must be the id of an entry, like 1700000012345-0")
  .meta({ placeholder: "ID" })

/** Stream id, or RFC 3339 time, which becomes the first id that an entry of that time can have. */
const since = z
  .string()
  .refine(
    value => isStreamId(value) || (time.safeParse(value).success && Date.parse(value) >= 0),
    "must be the id of an entry, like 1700000012345-0, or a time with its zone, like 2026-03-01T12:00:00Z",
  )
  .transform(value => (isStreamId(value) ? value : `${Date.parse(value)}-0`))
  .meta({ placeholder: "ID|TIME" })

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

const filters = {
  filter: text
    .optional()
    .meta({ positional: true, words: true, label: "such as 'status:5xx risk>=0.8 -path:/healthz'" }),
  ...options,
}

/** Input of `log` (contract, section 2). */
export const logQuery = z.object({
  ...filters,
  since: since.optional().meta({ label: "the oldest entry wanted" }),
  before: streamId.optional().meta({ label: "only what is older than this entry" }),
  limit,
})

/** Input of `log --follow` (contract, section 2). */
export const followQuery = z.object({
  ...filters,
  since: since.optional().meta({ label: "where to begin; without it, now" }),
  alerts: z.array(text).min(1).optional().meta({
    label: "end with 7 once it fires, such as 'error% > 5 for 30s'; measured is all that is read, whatever the filter",
    placeholder: "RULE",
  }),
})

/** Combines options and expression of a query into one filter. Throws DeckError `invalid` with the field at fault. */
export function filterOf(query: z.output<typeof followQuery>): Filter {
  return and(filterFromOptions(query), parseFilter(query.filter ?? ""))
}

/** Answer of `log` (contract, section 2), newest first; `next_before` only when there is more. */
const logPage = z.object({
  data: z.array(accessLogEntry),
  has_more: z.boolean(),
  next_before: z.string().optional(),
})
export type LogPage = z.infer<typeof logPage>

/** Command that reads the log. */
export const logCommand = { words: ["log"], input: logQuery, answer: logPage }
