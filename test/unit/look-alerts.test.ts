import { expect, test } from "vitest"
import { parseAlertRule } from "../../src/domain/alerts/alert-rule.ts"
import { queueAlerts, recorderAlerts } from "../../src/domain/alerts/look-alerts.ts"

const START = 1_700_000_000_000

function queueOf(...rules: string[]) {
  const alerts = queueAlerts()
  alerts.setRules(rules.map(parseAlertRule))
  let seconds = 0
  /** Looks at the queue five seconds later. */
  const look = (oldest_s: number, alive = 1) => {
    seconds += 5
    return alerts.look({ ready: 1, oldest_s, stuck: 0, in_flight: 0, alive }, START + seconds * 1000)
  }
  return { alerts, look }
}

test("the oldest job's age begins an alert above the limit, and ten calm seconds end it", () => {
  const { alerts, look } = queueOf("queue age > 60s")
  expect(look(60)).toEqual([])
  expect(look(61)).toMatchObject([{ rule: "queue age > 60s", figure: "61s", since: START + 10_000, endedAt: null }])
  expect(look(0)).toEqual([])
  expect(look(0)).toMatchObject([{ figure: "0s", endedAt: START + 20_000 }])
  expect(alerts.states).toMatchObject([{ since: null }])
})

test("too few workers begin one below the limit, after the rule's time", () => {
  const { alerts, look } = queueOf("workers < 1 for 10s", "workers < 1 for 10s")
  expect(alerts.phased).toMatchObject([{ phase: "quiet", figure: null }])
  look(0, 1)
  expect(look(0, 0)).toEqual([])
  expect(alerts.phased).toMatchObject([{ phase: "pending", figure: "0 alive" }])
  expect(look(0, 0)).toEqual([])
  expect(look(0, 0)).toMatchObject([{ rule: "workers < 1 for 10s", figure: "0 alive" }])
  expect(alerts.phased).toMatchObject([{ phase: "firing" }])
})

test("a gateway that was never recorded is behind any limit, while those that are recorded are not", () => {
  const alerts = recorderAlerts()
  alerts.setRules([parseAlertRule("record lag > 1h")])
  expect(alerts.look({ recording: true, lag_s: 2, never: [] }, START)).toEqual([])
  const [begun] = alerts.look({ recording: false, lag_s: 2, never: ["us"] }, START + 5_000)
  expect(begun).toMatchObject({ rule: "record lag > 3600s", figure: "a gateway was never recorded" })
  expect(alerts.phased).toMatchObject([{ phase: "firing", amount: null }])
})

test("rules of the log are none of its own, and a rule that stays keeps its state", () => {
  const { alerts, look } = queueOf("rate > 5/s", "queue age > 1")
  look(2)
  alerts.setRules(["workers < 1", "queue age > 1s"].map(parseAlertRule))
  expect(alerts.phased).toMatchObject([
    { rule: "workers < 1", phase: "quiet" },
    { rule: "queue age > 1s", phase: "firing" },
  ])
})
