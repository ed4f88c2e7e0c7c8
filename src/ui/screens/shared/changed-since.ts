import { filterToText } from "../../../domain/access-log-filter.ts"
import { isOfLog, type MetricKey, parseAlertRule } from "../../../domain/alerts/alert-rule.ts"
import { MEASURED_S } from "../../../domain/alerts/measure.ts"
import type { Alert } from "../../../domain/alerts/rule-watch.ts"
import type { ComparedOutcome } from "../../../domain/log-counts/what-changed.ts"
import { dimensionOf } from "../../../domain/movers/dimensions.ts"
import type { TimeWindow } from "../../../domain/time-window.ts"
import type { Destinations } from "../../kit/destinations.ts"

/** What is looked at of a live log, and of an alert that goes on. */
const LIVE_MS = 5 * 60_000

/** Returns the last minutes; where little is held since `heldSince`, and nothing recorded, most of that is left to compare with. */
export function lastMinutes(now: number, heldSince: number | undefined): TimeWindow {
  const held = heldSince === undefined ? Number.POSITIVE_INFINITY : Math.max(0, now - heldSince)
  return { fromMs: now - Math.max(1_000, Math.min(LIVE_MS, held / 4)), untilMs: now }
}

/** Which requests rules of the log are about, where these are not all. */
const MEASURED: Readonly<Partial<Record<MetricKey, ComparedOutcome>>> = { "error%": "failed", "4xx%": "refused" }

/**
 * Returns what to compare of an alert: the requests that it measures, those of the value that it is of, from what was measured as it began
 * on, for some minutes at the most; undefined for one that is not of the log.
 */
export function changesOfAlert({ rule, of, since }: Alert, now: number): Destinations["changes"] | undefined {
  const parsed = parseAlertRule(rule)
  if (!isOfLog(parsed)) return undefined
  const fromMs = since - (MEASURED_S + parsed.forSeconds) * 1_000
  const filter = parsed.by === null || of === "" ? "" : filterToText([dimensionOf(parsed.by).term(of)])
  const measured = MEASURED[parsed.metric] ?? "all"
  const window = { fromMs, untilMs: Math.max(fromMs + 1, Math.min(now, since + LIVE_MS)) }
  return { filter, window, of: measured }
}
