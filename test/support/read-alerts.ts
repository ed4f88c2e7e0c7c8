import { parseAlertRule } from "../../src/domain/alerts/alert-rule.ts"
import { Alerts } from "../../src/domain/alerts/alerts.ts"
import type { AlertChange } from "../../src/domain/alerts/rule-watch.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"

// Alerts that read requests, second by second.

/** The second, since the epoch, that the tests count from. */
const START = 1_700_000_000

export const msOf = (second: number) => (START + second) * 1000

export function alertsOf(...rules: string[]): Alerts {
  const alerts = new Alerts()
  alerts.setRules(rules.map(parseAlertRule))
  return alerts
}

/** Reads `count` requests of the second `at`; answers what changed meanwhile. */
export function read(
  alerts: Alerts,
  at: number,
  count: number,
  fields: Readonly<Record<string, string>> = {},
): AlertChange[] {
  return Array.from({ length: count }, (_, i) =>
    StreamEntry.from(`${msOf(at) + i / count}-0`, Object.entries({ status: "200", ...fields })),
  ).flatMap(entry => alerts.accept(entry))
}

export const tick = (alerts: Alerts, at: number) => alerts.tick(msOf(at))
export const state = (alerts: Alerts) => alerts.states[0]
