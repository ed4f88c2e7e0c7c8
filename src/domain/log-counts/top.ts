import { z } from "zod"
import { filters, gateway } from "../access-log-query.ts"
import { limit } from "../fields.ts"
import { MOVERS_SORTS, type MoversSort } from "../movers/movers-snapshot.ts"
import type { SqlQuery, SqlRow } from "../sql-dialect.ts"
import { secondsOf, type TimeWindow } from "../time-window.ts"
import { COUNTED_KEYS, type CountedDimension } from "./counted-dimensions.ts"
import { missingParts } from "./missing.ts"
import {
  type Asked,
  countOf,
  countSql,
  FAILED_SQL,
  msOf,
  passesSql,
  REFUSED_SQL,
  rounded,
  withinSql,
} from "./requests.ts"
import { since, until } from "./since-until.ts"

/** Input of `log top` (contract, section 2). */
export const topQuery = z.object({
  ...filters,
  gateway,
  by: z.enum(COUNTED_KEYS).default("route").meta({ label: "what requests are counted by; route unless it is said" }),
  since,
  until,
  sort: z.enum(MOVERS_SORTS).default("rate").meta({ label: "the most of it first; rate unless it is said" }),
  limit,
})

const mover = z.object({
  value: z.string(),
  requests: z.number(),
  per_second: z.number(),
  /** Of all requests of the window that pass the filter, 0 to 1. */
  share: z.number(),
  /** Of its own requests, answered 4xx and 5xx. */
  refused: z.number(),
  failed: z.number(),
  /** Milliseconds; null where no request has a duration. */
  p95: z.number().nullable(),
  /** By how much `per_second` is above that of the window before, of the same length; null where that is not held. */
  change: z.number().nullable(),
})
export type CountedMover = z.infer<typeof mover>

/** Answer of `log top`. */
export const topAnswer = z.object({
  since: z.string(),
  until: z.string(),
  window_s: z.number(),
  /** Seconds of the window that are held: rates are of these. */
  seen: z.number(),
  missing: missingParts,
  data: z.array(mover),
})

/** Fewer requests say nothing of a percentile. */
const FEW = 10

export interface TopAsked extends Asked {
  readonly window: TimeWindow
  /** Seconds of the window, and of the one before it, that are held. */
  readonly seen: number
  readonly seenBefore: number
  /** The same of a gateway by its name: where gateways are told apart, its rate is of its own seconds. */
  readonly seenOf?: (gateway: string) => Pick<TopAsked, "seen" | "seenBefore">
  readonly by: CountedDimension
  readonly sort: MoversSort
  /** The lowest first. */
  readonly reversed?: boolean | undefined
  readonly limit: number
  /** Whether each row has how many values there are, as `distinct_values`. */
  readonly tellsHowMany?: true | undefined
}

/** Returns the window of the same length before. */
export const windowBefore = ({ fromMs, untilMs }: TimeWindow): TimeWindow => ({
  fromMs: 2 * fromMs - untilMs,
  untilMs: fromMs,
})

/** A rate of the window before is told where half of that is held. */
const isBeforeHeld = ({ window, seenBefore }: Pick<TopAsked, "window" | "seenBefore">): boolean =>
  seenBefore >= secondsOf(window) / 2

/** The window asked for, and the one before it where that is held. */
export const detailedWithin = ({ window, seenBefore }: TopAsked): TimeWindow =>
  isBeforeHeld({ window, seenBefore }) ? { ...window, fromMs: windowBefore(window).fromMs } : window

/** The window whose rows are ranked: the one before as well, where that is what they are ranked by. */
export const rankedWithin = (asked: TopAsked): TimeWindow =>
  asked.sort === "change" ? detailedWithin(asked) : asked.window

/** Asks, within `rankedWithin`, for the values that come first, by what they are ranked by, and the sum of all. */
export const rankedSql =
  (asked: TopAsked): SqlQuery =>
  (relation, sql) => {
    const { window, seen, seenBefore, by, sort, reversed, limit, tellsHowMany } = asked
    const [way, none] = reversed ? ["asc", "1e18"] : ["desc", "-1"]
    const comparesBefore = sort === "change" && isBeforeHeld(asked)
    const now = comparesBefore ? withinSql(window) : "1 = 1"
    const score = {
      rate: "requests",
      refused: "refused",
      failed: "failed",
      p95: `case when requests < ${FEW} then null else p95 end`,
      change: `abs(requests / ${seen || 1} - ${comparesBefore ? `earlier / ${seenBefore}` : 0})`,
    }[sort]
    const counted = `
      select ${by.sql} as value, ${countSql(now)} as requests,
        ${countSql(`${now} and ${REFUSED_SQL}`)} as refused, ${countSql(`${now} and ${FAILED_SQL}`)} as failed
        ${sort === "p95" ? `, ${sql.percentile("duration_ms", 0.95)} as p95` : ""}
        ${comparesBefore ? `, ${countSql(withinSql(windowBefore(window)))} as earlier` : ""}
      from ${relation} where ${passesSql(asked, sql)} group by value`
    const summed = sql.withOverall(counted, "sum(requests)", "total")
    const from = tellsHowMany
      ? sql.withOverall(`select * from ${summed}`, countSql("value <> '' and requests > 0"), "distinct_values")
      : summed
    return `
      select value, requests, refused, failed, total${tellsHowMany ? ", distinct_values" : ""}
      from ${from}
      where value <> '' and ${sort === "change" ? "1 = 1" : "requests > 0"}
      order by coalesce(${score}, ${none}) ${way}, requests ${way}, value limit ${limit}`
  }

/** Asks, within `detailedWithin`, what else is told of those values: their requests of the window before, and the percentile of their durations. */
export const detailsSql =
  (asked: TopAsked, ranked: readonly SqlRow[]): SqlQuery =>
  (relation, sql) => {
    const { window, by } = asked
    const before = isBeforeHeld(asked) ? windowBefore(window) : undefined
    const duration = before === undefined ? "duration_ms" : `case when ${withinSql(window)} then duration_ms end`
    const values = ranked.map(({ value }) => sql.text(String(value))).join(", ")
    return `
      select ${by.sql} as value, ${sql.percentile(duration, 0.95)} as p95, ${before === undefined ? "0" : countSql(withinSql(before))} as earlier
      from ${relation} where ${by.sql} in (${values}) and ${passesSql(asked, sql)} group by value`
  }

/** Reads the values, with what else is told of them. */
export function moversOf(asked: TopAsked, ranked: readonly SqlRow[], details: readonly SqlRow[]): CountedMover[] {
  const { by } = asked
  const detailsOf = new Map(details.map(row => [row.value, row]))
  return ranked.map(row => {
    const { p95, earlier } = detailsOf.get(row.value) ?? {}
    const requests = countOf(row.requests)
    const value = by.read(String(row.value))
    const { seen, seenBefore } = (by.key === "gateway" && asked.seenOf?.(value)) || asked
    const per_second = requests / (seen || 1)
    return {
      value,
      requests,
      per_second: rounded(per_second),
      share: rounded(requests / (countOf(row.total) || 1)),
      refused: countOf(row.refused),
      failed: countOf(row.failed),
      p95: msOf(p95),
      change: isBeforeHeld({ ...asked, seenBefore }) ? rounded(per_second - countOf(earlier) / seenBefore) : null,
    }
  })
}
