import type { MetricKey } from "./alert-rule.ts"

/** What was counted, in the seconds that rules are measured over, of the requests of one value. */
export interface Counted {
  /** Of the rule's dimension; empty where all requests are counted together. */
  readonly value: string
  readonly count: number
  readonly refused: number
  readonly failed: number
  /** In ms; null when no request tells its duration. */
  readonly p95: number | null
}

/** Rules are measured over the ten seconds before the one that goes on. */
export const MEASURED_S = 10

/** Of fewer requests a share or a percentile says nothing. */
export const LEAST_REQUESTS = 20

const perCent = (part: number, { count }: Counted) => (100 * part) / count

const FIGURES: Readonly<Record<MetricKey, (counted: Counted) => number | null>> = {
  "error%": counted => perCent(counted.failed, counted),
  "4xx%": counted => perCent(counted.refused, counted),
  rate: ({ count }) => count / MEASURED_S,
  p95: ({ p95 }) => p95,
}

/** What `metric` comes to, in its own unit; null where that cannot be told. */
export const figureOf = (metric: MetricKey, counted: Counted): number | null =>
  metric !== "rate" && counted.count < LEAST_REQUESTS ? null : FIGURES[metric](counted)
