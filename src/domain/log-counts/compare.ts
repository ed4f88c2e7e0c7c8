import { z } from "zod"
import { filters, gateway } from "../access-log-query.ts"
import { DeckError } from "../errors.ts"
import { limit, text } from "../fields.ts"
import { COUNTS_AT, type SqlQuery, type SqlRow } from "../sql-dialect.ts"
import { parseWindow, type TimeWindow, WINDOWS } from "../time-window.ts"
import { COUNTED_DIMENSIONS } from "./counted-dimensions.ts"
import { countedChange, type Differences } from "./explained.ts"
import { missingParts } from "./missing.ts"
import { type Asked, countOf, countSql, FAILED_SQL, passesSql, REFUSED_SQL, withinSql } from "./requests.ts"

const window = text.refine(typed => typed.includes(".."), `must be ${WINDOWS}`)

/** Input of `log compare` (contract, section 10). */
export const compareQuery = z.object({
  ...filters,
  gateway,
  window: window.meta({ label: "the window to be explained, in which something is otherwise", placeholder: "A..B" }),
  with: window.optional().meta({
    label: "what it is compared with; without it, the same length before it",
    placeholder: "A..B",
  }),
  limit,
})

/** Answer of `log compare`. */
export const compareAnswer = z.object({
  window: z.string(),
  with: z.string(),
  /** Of all requests that pass the filter. */
  before_per_s: z.number(),
  after_per_s: z.number(),
  by_chance: z.boolean(),
  missing: missingParts,
  data: z.array(countedChange),
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
 * Asks for the values of each dimension whose requests differ most between the windows: how many pass the filter in each, and how many
 * there are in each whatever the filter, or of those that pass `among`; and when the first of them came in the window that is explained.
 * `distinct_values` is how many values the dimension has; the counts of all have the grouping -1.
 */
export const changesSql =
  (
    { after, before }: Compared,
    seconds: { readonly after: number; readonly before: number },
    asked: Asked,
    among?: Asked,
  ): SqlQuery =>
  (relation, sql) => {
    const every = among === undefined ? "" : ` and ${passesSql(among, sql)}`
    const [now, past, passes] = [withinSql(after), withinSql(before), passesSql(asked, sql)]
    const counts = `${countSql(`${now} and ${passes}`)} as later, ${countSql(`${past} and ${passes}`)} as earlier,
      ${countSql(now + every)} as every_later, ${countSql(past + every)} as every_earlier,
      min(case when ${now} and ${passes} then ${COUNTS_AT} end) as first_at`
    const from = `${relation} where event is null and (${now} or ${past})`
    const difference = `abs(later / ${seconds.after} - earlier / ${seconds.before})`
    const counted = sql.byEach(
      COUNTED_DIMENSIONS.map(dimension => dimension.sql),
      counts,
      from,
    )
    const meant = `select * from (${counted}) counted where grouping = -1 or (value <> '' and (later > 0 or earlier > 0))`
    return sql.firstOfEach(meant, "grouping", `${difference} desc, value`, CANDIDATES, "distinct_values")
  }

/** Reads what `changesSql` asks for. */
export function differencesIn(rows: readonly SqlRow[]): Pick<Differences, "all" | "values" | "looked"> {
  const countsOf = (row: SqlRow = {}) => ({
    later: countOf(row.later),
    earlier: countOf(row.earlier),
    everyLater: countOf(row.every_later),
    everyEarlier: countOf(row.every_earlier),
  })
  const looked = new Map<number, number>()
  const values = rows.flatMap(row => {
    const dimension = COUNTED_DIMENSIONS[Number(row.grouping)]
    if (dimension === undefined) return []
    looked.set(Number(row.grouping), countOf(row.distinct_values))
    return [
      { dimension: dimension.key, value: dimension.read(String(row.value)), first: firstOf(row), ...countsOf(row) },
    ]
  })
  return {
    all: countsOf(rows.find(row => Number(row.grouping) === -1)),
    values,
    looked: [...looked.values()].reduce((sum, count) => sum + count, 0),
  }
}

const firstOf = ({ first_at }: SqlRow): number | null => (first_at === null ? null : Number(first_at))

/** Asks for the requests of both windows, and how many of these were refused and failed. */
export const outcomesSql =
  ({ after, before }: Compared, asked: Asked): SqlQuery =>
  (relation, sql) => {
    const counted = [
      ["after", withinSql(after)],
      ["before", withinSql(before)],
    ].map(
      ([name, within]) => `${countSql(`${within}`)} as requests_${name},
        ${countSql(`${within} and ${REFUSED_SQL}`)} as refused_${name}, ${countSql(`${within} and ${FAILED_SQL}`)} as failed_${name}`,
    )
    return `select ${counted.join(", ")} from ${relation} where ${passesSql(asked, sql)}`
  }
