import { describe, expect, test } from "vitest"
import { parseAlertRule } from "../../src/domain/alerts/alert-rule.ts"
import { alertsOf, msOf, read, state, tick } from "../support/read-alerts.ts"

test("a share above the number is an alert as soon as the second is over, told once", () => {
  const alerts = alertsOf("error% > 5")
  read(alerts, 0, 94)
  read(alerts, 0, 6, { status: "503" })
  expect(state(alerts)).toEqual({ rule: "error% > 5", bell: false, since: null, figure: null, of: "" })
  expect(tick(alerts, 1)).toEqual([
    { rule: "error% > 5", bell: false, since: msOf(1), figure: "6%", of: "", endedAt: null },
  ])
  expect(tick(alerts, 2)).toEqual([])
  expect(state(alerts)).toMatchObject({ since: msOf(1), figure: "6%" })
})

test("entries of the next second strike the clock, and the alert comes before them", () => {
  const alerts = alertsOf("error% > 5")
  expect(read(alerts, 0, 50, { status: "500" })).toEqual([])
  expect(read(alerts, 1, 1)).toMatchObject([{ figure: "100%", since: msOf(1) }])
})

test("not above the number is no alert", () => {
  const alerts = alertsOf("error% > 5", "4xx% > 5", "rate > 10/s")
  read(alerts, 0, 90)
  read(alerts, 0, 5, { status: "500" })
  read(alerts, 0, 5, { status: "404" })
  expect(tick(alerts, 1)).toEqual([])
  expect(alerts.states.map(({ figure }) => figure)).toEqual(["5%", "5%", "10/s"])
})

test("refusals are no errors", () => {
  const alerts = alertsOf("error% > 1", "4xx% > 50")
  read(alerts, 0, 20, { status: "429" })
  expect(tick(alerts, 1)).toMatchObject([{ rule: "4xx% > 50", figure: "100%" }])
})

test("of fewer than 20 requests a share and a percentile say nothing", () => {
  const alerts = alertsOf("error% > 5", "p95 > 100")
  read(alerts, 0, 19, { status: "500", duration_ms: "5000" })
  expect(tick(alerts, 1)).toEqual([])
  expect(alerts.states.map(({ figure }) => figure)).toEqual([null, null])
  read(alerts, 1, 1, { status: "500", duration_ms: "5000" })
  expect(tick(alerts, 2)).toHaveLength(2)
})

test("the rate is that of ten seconds, which begin empty", () => {
  const alerts = alertsOf("rate > 50/s")
  const changes = Array.from({ length: 12 }, (_, second) => read(alerts, second, 100)).flat()
  expect(changes).toMatchObject([{ since: msOf(6), figure: "60/s" }])
  expect(state(alerts)).toMatchObject({ figure: "100/s" })
})

test("p95 is within 1 %, and what tells no duration does not count", () => {
  const alerts = alertsOf("p95 > 2000")
  read(alerts, 0, 90, { duration_ms: "10" })
  read(alerts, 0, 10, { duration_ms: "3000" })
  read(alerts, 0, 50)
  const [alert] = tick(alerts, 1)
  expect(Number.parseInt(alert?.figure ?? "", 10)).toBeGreaterThanOrEqual(2970)
  expect(Number.parseInt(alert?.figure ?? "", 10)).toBeLessThanOrEqual(3030)
})

describe("for", () => {
  test("an alert begins once it was too much for so long", () => {
    const alerts = alertsOf("error% > 50 for 30s")
    const changes = Array.from({ length: 40 }, (_, second) => read(alerts, second, 20, { status: "500" })).flat()
    expect(changes).toMatchObject([{ since: msOf(31) }])
  })

  test("a break begins it anew", () => {
    const alerts = alertsOf("rate > 1/s for 12s")
    read(alerts, 0, 30)
    expect([1, 5, 10].flatMap(second => tick(alerts, second))).toEqual([])
    // The burst is out of the window: one second without is a break.
    expect(tick(alerts, 11)).toEqual([])
    read(alerts, 11, 30)
    expect([12, 21].flatMap(second => tick(alerts, second))).toEqual([])
    expect(tick(alerts, 30)).toEqual([])
  })

  test("holds for one value of a dimension: two that take turns are none", () => {
    const alerts = alertsOf("rate(ip) > 2/s for 15s")
    const changes = [0, 11, 22].flatMap((second, turn) =>
      read(alerts, second, 30, { client_ip: `192.0.2.${turn % 2}` }),
    )
    expect([...changes, ...tick(alerts, 32)]).toEqual([])
  })
})

describe("the end", () => {
  test("comes when it was not too much for ten seconds, and is told with the beginning", () => {
    const alerts = alertsOf("rate > 2/s")
    read(alerts, 0, 30)
    const changes = Array.from({ length: 30 }, (_, i) => tick(alerts, i + 1)).flat()
    expect(changes).toMatchObject([
      { since: msOf(1), endedAt: null, figure: "3/s" },
      { since: msOf(1), endedAt: msOf(20), figure: "0/s" },
    ])
    expect(state(alerts)).toMatchObject({ since: null })
  })

  test("does not come while it goes up and down", () => {
    const alerts = alertsOf("rate > 2/s")
    const changes = [0, 15, 30, 45].flatMap(second => [...read(alerts, second, 30), ...tick(alerts, second + 14)])
    expect(changes).toHaveLength(1)
  })

  test("is followed by the next alert of the same rule", () => {
    const alerts = alertsOf("rate > 2/s")
    const changes = [0, 60].flatMap(second => [
      ...read(alerts, second, 30),
      ...Array.from({ length: 30 }, (_, i) => tick(alerts, second + i + 1)).flat(),
    ])
    expect(changes.map(({ endedAt }) => endedAt === null)).toEqual([true, false, true, false])
  })
})

test("a second that was read at once with later ones is judged as well", () => {
  const alerts = alertsOf("rate > 2/s")
  read(alerts, 0, 30)
  expect(read(alerts, 86_400, 1)).toMatchObject([
    { since: msOf(1), endedAt: null },
    { since: msOf(1), endedAt: msOf(20) },
  ])
})

describe("the rules", () => {
  test("can be changed: those that stay go on, those that go are silent", () => {
    const alerts = alertsOf("rate > 2/s", "rate > 1/s")
    read(alerts, 0, 30)
    tick(alerts, 1)
    alerts.setRules(["rate > 2/s", "error% > 5", "rate>2"].map(parseAlertRule))
    expect(alerts.states).toMatchObject([
      { rule: "rate > 2/s", since: msOf(1) },
      { rule: "error% > 5", since: null },
    ])
    expect(tick(alerts, 2)).toEqual([])
  })

  test("that nobody set cost nothing and say nothing", () => {
    const alerts = alertsOf()
    expect(read(alerts, 0, 100, { status: "500" })).toEqual([])
    expect(alerts.states).toEqual([])
  })
})

test("a stream made anew with an earlier clock is measured from its start, and what is on ends in its time", () => {
  const alerts = alertsOf("rate > 2/s")
  read(alerts, 1000, 30)
  tick(alerts, 1001)
  alerts.restart()
  expect(tick(alerts, 0)).toEqual([])
  expect(tick(alerts, 9)).toEqual([])
  expect(tick(alerts, 10)).toMatchObject([{ endedAt: msOf(10) }])
})
