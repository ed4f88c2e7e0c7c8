import { z } from "zod"
import { rfc3339 } from "../access-log.ts"
import { filters, gateway } from "../access-log-query.ts"
import { narrowestFor } from "../access-log-timeline.ts"
import { DeckError } from "../errors.ts"
import { text } from "../fields.ts"
import { COUNTS_AT, type SqlQuery, type SqlRow } from "../sql-dialect.ts"
import { lengthOf, type TimeWindow } from "../time-window.ts"
import { missingParts } from "./missing.ts"
import { type Asked, countOf, msOf, OUTCOME_SQL, passesSql, withinSql } from "./requests.ts"
import { since, until } from "./since-until.ts"

/** Input of `log histogram` (contract, section 10). */
export const histogramQuery = z.object({
  ...filters,
  gateway,
  since,
  until,
  step: text
    .refine(typed => (lengthOf(typed) ?? 0) >= 1000, "must be a length from 1s on, such as 30s, 5m, 1h or 1d")
    .optional()
    .meta({ label: "how long a bar is; without it, what gives about a hundred", placeholder: "5m" }),
})

/** One bar: the requests that came from `from` on, for as long as a bar is. */
export const countedBar = z.object({
  from: z.string(),
  requests: z.number(),
  refused: z.number(),
  failed: z.number(),
  /** Milliseconds; null where no request has a duration. */
  p50: z.number().nullable(),
  p95: z.number().nullable(),
})
type Bar = z.infer<typeof countedBar>

/** Answer of `log histogram`; bars without requests are there as well. */
export const histogramAnswer = z.object({
  since: z.string(),
  until: z.string(),
  step_s: z.number(),
  missing: missingParts,
  data: z.array(countedBar),
})

const USUAL_BARS = 120
const MOST_BARS = 2_000

/** The bars of a histogram: each begins at a multiple of its width. */
export interface Bars extends TimeWindow {
  readonly stepMs: number
}

/** Returns the bars of a window, which begins with a whole one. Throws DeckError `invalid` where they are too many. */
export function barsIn({ fromMs, untilMs }: TimeWindow, step: string | undefined): Bars {
  const stepMs =
    step === undefined ? Math.max(1000, narrowestFor(fromMs, untilMs, USUAL_BARS)) : (lengthOf(step) as number)
  const bars = { fromMs: Math.floor(fromMs / stepMs) * stepMs, untilMs, stepMs }
  if (countIn(bars) > MOST_BARS) {
    const message = `gives ${countIn(bars)} bars, and ${MOST_BARS} are the most: make it longer, or the time shorter`
    throw new DeckError("invalid", message, { field: "step" })
  }
  return bars
}

const countIn = ({ fromMs, untilMs, stepMs }: Bars) => Math.max(1, Math.ceil((untilMs - fromMs) / stepMs))

/** Durations of one class differ by an eighth of a natural logarithm, 13 %, at the most. */
const DURATION_CLASS = "floor(ln(abs(duration_ms) + 1) * 8)"

/**
 * Asks for the requests of each bar by their outcome and the class of their duration: percentiles of each bar by the engine itself
 * take more than all else.
 */
export const histogramSql =
  (bars: Bars, asked: Asked): SqlQuery =>
  (relation, sql) =>
    `
    select cast(bar as double) as bar, outcome, cast(requests as double) as requests, duration from (
      select ${sql.quotient(`${COUNTS_AT} - ${bars.fromMs}`, bars.stepMs)} as bar, ${OUTCOME_SQL} as outcome, ${DURATION_CLASS} as class,
        count(*) as requests, avg(duration_ms) as duration
      from ${relation} where ${withinSql(bars)} and ${passesSql(asked, sql)} group by bar, outcome, class) counted`

/** Reads the bars, the empty ones included. */
export function barsOf(bars: Bars, rows: readonly SqlRow[]): Bar[] {
  const filled = Map.groupBy(rows, row => Number(row.bar))
  return Array.from({ length: countIn(bars) }, (_, i) => {
    const own = filled.get(i) ?? []
    const timed = own.filter(({ duration }) => duration !== null).map(durationsIn)
    const [p50, p95] = percentilesOf(timed, [0.5, 0.95])
    return { from: rfc3339(bars.fromMs + i * bars.stepMs), ...outcomesOf(own), p50: msOf(p50), p95: msOf(p95) }
  })
}

function outcomesOf(rows: readonly SqlRow[]) {
  const counts = { requests: 0, refused: 0, failed: 0 }
  for (const { outcome, requests } of rows) {
    counts.requests += countOf(requests)
    if (Number(outcome) === 4) counts.refused += countOf(requests)
    if (Number(outcome) === 5) counts.failed += countOf(requests)
  }
  return counts
}

/** Durations that are alike: their mean, in ms, and how many they are. */
interface Durations {
  readonly mean: number
  readonly count: number
}

const durationsIn = ({ duration, requests }: SqlRow): Durations => ({
  mean: Number(duration),
  count: countOf(requests),
})

/** Returns the durations that these shares, which rise, do not exceed; each the mean of those that are alike. Undefined for none. */
function percentilesOf(durations: readonly Durations[], shares: readonly number[]): (number | undefined)[] {
  const rising = durations.toSorted((a, b) => a.mean - b.mean)
  const all = durations.reduce((sum, { count }) => sum + count, 0)
  return shares.map(share => {
    let upTo = 0
    return rising.find(({ count }) => {
      upTo += count
      return upTo >= share * all
    })?.mean
  })
}
