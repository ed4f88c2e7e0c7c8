import { z } from "zod"
import { rfc3339 } from "../access-log.ts"
import { filters, gateway } from "../access-log-query.ts"
import { narrowestFor } from "../access-log-timeline.ts"
import { DeckError } from "../errors.ts"
import { text } from "../fields.ts"
import { COUNTS_AT, type SqlQuery, type SqlRow } from "../sql-dialect.ts"
import { lengthOf, type TimeWindow } from "../time-window.ts"
import { missingParts } from "./missing.ts"
import { type Asked, countOf, msOf, passesSql } from "./requests.ts"
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

/** A failed request adds this to the sum of those without success, a refused one 1. */
const FAILED_ONE = 2 ** 32

/** Adds refused and failed requests up at once: a sum of each takes a tenth of the whole query. */
const UNSUCCESSFUL_SQL = `sum(case when status < 400 then 0 when status < 500 then 1 when status < 600 then ${FAILED_ONE} else 0 end)`

/**
 * Asks for the requests of each bar by the class of their duration. The engine's own percentiles of each bar would take longer than all
 * else; so would more groups.
 */
export const histogramSql =
  (bars: Bars, asked: Asked): SqlQuery =>
  (relation, sql) =>
    `
    select cast(bar as double) as bar, cast(requests as double) as requests, duration,
      cast(${sql.quotient("unsuccessful", FAILED_ONE)} as double) as failed, cast(unsuccessful % ${FAILED_ONE} as double) as refused from (
      select ${sql.quotient(`${COUNTS_AT} - ${bars.fromMs}`, bars.stepMs)} as bar, ${DURATION_CLASS} as class,
        count(*) as requests, ${UNSUCCESSFUL_SQL} as unsuccessful, avg(duration_ms) as duration
      from ${relation} where ${passesSql(asked, sql)} group by bar, class) counted order by duration`

/** Reads the bars, the empty ones included. */
export function barsOf(bars: Bars, rows: readonly SqlRow[]): Bar[] {
  const filled = Array.from({ length: countIn(bars) }, (): SqlRow[] => [])
  for (const row of rows) filled[Number(row.bar)]?.push(row)
  return filled.map((own, i) => {
    const [p50, p95] = percentilesOf(own, [0.5, 0.95])
    return { from: rfc3339(bars.fromMs + i * bars.stepMs), ...outcomesOf(own), p50: msOf(p50), p95: msOf(p95) }
  })
}

function outcomesOf(rows: readonly SqlRow[]) {
  const counts = { requests: 0, refused: 0, failed: 0 }
  for (const { requests, refused, failed } of rows) {
    counts.requests += countOf(requests)
    counts.refused += countOf(refused)
    counts.failed += countOf(failed)
  }
  return counts
}

/**
 * Returns the durations, in ms, that these shares of the requests do not exceed, each the mean of those that are alike; undefined for
 * none. The rows rise by duration, and those without one come last.
 */
function percentilesOf(rows: readonly SqlRow[], shares: readonly number[]): unknown[] {
  const timed = rows.filter(({ duration }) => duration !== null)
  const all = timed.reduce((sum, { requests }) => sum + countOf(requests), 0)
  return shares.map(share => {
    let upTo = 0
    return timed.find(({ requests }) => {
      upTo += countOf(requests)
      return upTo >= share * all
    })?.duration
  })
}
