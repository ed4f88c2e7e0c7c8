import type { QueuePulse } from "../queue.ts"
import type { RecorderPulse } from "../record-status.ts"
import { type LogMetric, type LookMetric, METRICS, type MetricKey } from "./alert-rule.ts"

/** Counts of the requests of one value, in the seconds that rules are measured over. */
export interface Counted {
  /** Value of the rule's dimension; empty where all requests are counted together. */
  readonly value: string
  readonly count: number
  readonly refused: number
  readonly failed: number
  /** In ms; null when no request has a duration. */
  readonly p95: number | null
}

/** Number of seconds that rules are measured over: those before the current one. */
export const MEASURED_S = 10

/** Least number of requests for a meaningful share or percentile. */
export const LEAST_REQUESTS = 20

const perCent = (part: number, { count }: Counted) => (100 * part) / count

const FIGURES: Readonly<Record<LogMetric, (counted: Counted) => number | null>> = {
  "error%": counted => perCent(counted.failed, counted),
  "4xx%": counted => perCent(counted.refused, counted),
  rate: ({ count }) => count / MEASURED_S,
  p95: ({ p95 }) => p95,
}

/** Whether a metric says nothing of few requests: shares and percentiles. */
export const needsMany = (metric: MetricKey): boolean => METRICS[metric].of === "log" && metric !== "rate"

/** Returns the measurement of `metric`, in its own unit; null where there is too little to tell. */
export const figureOf = (metric: LogMetric, counted: Counted): number | null =>
  needsMany(metric) && counted.count < LEAST_REQUESTS ? null : FIGURES[metric](counted)

/** Measurements of the queue, in the metric's own unit. */
export const QUEUE_FIGURES: Readonly<Record<LookMetric<"queue">, (pulse: QueuePulse) => number>> = {
  "queue age": ({ oldest_s }) => oldest_s,
  workers: ({ alive }) => alive,
}

/** The same of the recorder: a gateway that was never recorded is behind without end. */
export const RECORDER_FIGURES: Readonly<Record<LookMetric<"recorder">, (pulse: RecorderPulse) => number>> = {
  "record lag": ({ lag_s, never }) => (never.length === 0 ? lag_s : Number.POSITIVE_INFINITY),
}
