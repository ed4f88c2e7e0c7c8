import { z } from "zod"
import { filters } from "../access-log-query.ts"
import { DeckError } from "../errors.ts"
import { limit, text } from "../fields.ts"
import type { SqlQuery } from "../sql-dialect.ts"
import { parseWindow, type TimeWindow, WINDOWS } from "../time-window.ts"
import type { CountedDimension } from "./counted-dimensions.ts"
import { missingParts } from "./missing.ts"
import { type Asked, countSql, passesSql, withinSql } from "./requests.ts"

const window = text.refine(typed => typed.includes(".."), `must be ${WINDOWS}`)

/** Input of `log compare` (contract, section 10). */
export const compareQuery = z.object({
  ...filters,
  window: window.meta({ label: "the window to be explained, in which something is otherwise", placeholder: "A..B" }),
  with: window.optional().meta({
    label: "what it is compared with; without it, the same length before it",
    placeholder: "A..B",
  }),
  limit,
})

const change = z.object({
  dimension: z.string(),
  value: z.string(),
  before_per_s: z.number(),
  after_per_s: z.number(),
  /** How much of the difference of all it makes, 1 being all of it; null where all did not change but by chance. */
  share_of_change: z.number().nullable(),
  /** Its part of all requests, whatever the filter, in the window compared with: what is no more than its part explains nothing. */
  share_of_requests: z.number(),
  /** Whether chance alone could do it. */
  by_chance: z.boolean(),
})
export type CountedChange = z.infer<typeof change>

/** Answer of `log compare`. */
export const compareAnswer = z.object({
  window: z.string(),
  with: z.string(),
  /** Of all requests that pass the filter. */
  before_per_s: z.number(),
  after_per_s: z.number(),
  by_chance: z.boolean(),
  missing: missingParts,
  data: z.array(change),
})

/** The two windows of a comparison. */
export interface Compared {
  readonly after: TimeWindow
  readonly before: TimeWindow
}

/** Parses the windows. Throws DeckError `invalid`, also where they overlap. */
export function windowsOf(
  typed: { readonly window: string; readonly with?: string | undefined },
  now: number,
): Compared {
  const after = parseWindow(typed.window, now)
  const length = after.untilMs - after.fromMs
  if (typed.with === undefined) return { after, before: { fromMs: after.fromMs - length, untilMs: after.fromMs } }
  const before = parsedAs("with", () => parseWindow(typed.with as string, now))
  if (before.fromMs < after.untilMs && after.fromMs < before.untilMs) {
    throw new DeckError("invalid", "must not overlap with the window", { field: "with" })
  }
  return { after, before }
}

function parsedAs<T>(field: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof DeckError)) throw error
    throw new DeckError(error.code, error.message, { field, cause: error })
  }
}

/** Values of a dimension beyond these, by the difference they make, explain nothing. */
const CANDIDATES = 40

/**
 * Asks for the values of a dimension whose requests differ most between the windows, with how many pass the filter in each, and how
 * many requests there were of the value before, whatever the filter. `values` is how many values there are. Of a dimension that is
 * undefined, the sums of all.
 */
export const changesSql =
  ({ after, before }: Compared, seconds: { readonly after: number; readonly before: number }, asked: Asked) =>
  (dimension: CountedDimension | undefined): SqlQuery =>
  (relation, sql) => {
    const [now, past, passes] = [withinSql(after), withinSql(before), passesSql(asked, sql)]
    const value = dimension?.sql ?? "'all'"
    return `
      select value, later, earlier, every, count(*) over () as distinct_values from (
        select ${value} as value, ${countSql(`${now} and ${passes}`)} as later,
          ${countSql(`${past} and ${passes}`)} as earlier, ${countSql(past)} as every
        from ${relation} where event is null and (${now} or ${past}) group by value
      ) counted
      where value <> '' and (later > 0 or earlier > 0)
      order by abs(later / ${seconds.after} - earlier / ${seconds.before}) desc, value limit ${CANDIDATES}`
  }
