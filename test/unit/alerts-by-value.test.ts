import { describe, expect, test } from "vitest"
import type { AlertChange } from "../../src/domain/alerts/rule-watch.ts"
import { alertsOf, msOf, read, state, tick } from "../support/read-alerts.ts"

describe("a rule of each value", () => {
  test("says which one, and of several the highest", () => {
    const alerts = alertsOf("rate(ip) > 5/s")
    read(alerts, 0, 60, { client_ip: "203.0.113.7" })
    read(alerts, 0, 70, { client_ip: "203.0.113.8" })
    read(alerts, 0, 40, { client_ip: "203.0.113.9" })
    expect(tick(alerts, 1)).toMatchObject([{ of: "203.0.113.8", figure: "7/s" }])
    expect(state(alerts)).toMatchObject({ of: "203.0.113.8" })
  })

  test("folds the ids of a path, and measures each by its own requests", () => {
    const alerts = alertsOf("error%(route) > 20", "p95(route) > 1000")
    for (let i = 0; i < 100; i++) read(alerts, 0, 1, { path: `/v1/threads/${i}/runs`, status: i < 50 ? "502" : "200" })
    read(alerts, 0, 900, { path: "/v1/me", duration_ms: "3000" })
    expect(tick(alerts, 1)).toMatchObject([{ of: "/v1/threads/:id/runs", figure: "50%" }, { of: "/v1/me" }])
  })

  test("while it is an alert, says the last figure of a value with too few requests by now, and not that of another", () => {
    const alerts = alertsOf("error%(route) > 20")
    for (let second = 0; second < 30; second++) read(alerts, second, 100, { path: "/v1/me" })
    read(alerts, 30, 30, { path: "/v1/runs", status: "503" })
    expect(tick(alerts, 31)).toMatchObject([{ of: "/v1/runs", figure: "100%" }])
    for (let second = 31; second < 45; second++) {
      read(alerts, second, 100, { path: "/v1/me" })
      tick(alerts, second + 1)
      expect(state(alerts)).toMatchObject({ since: msOf(31), of: "/v1/runs", figure: "100%" })
    }
    expect(alerts.phased).toMatchObject([{ phase: "firing", amount: 100 }])
    // The limit was last passed in the second 40: ten calm ones end it.
    expect(read(alerts, 60, 100, { path: "/v1/me" })).toMatchObject([{ endedAt: msOf(50) }])
    tick(alerts, 61)
    expect(state(alerts)).toMatchObject({ since: null, figure: "0%", of: "" })
  })

  test("while it is an alert, says the value that passes the limit, though not for long enough, and not one that fell silent", () => {
    const alerts = alertsOf("error%(route) > 20 for 5s")
    for (let second = 0; second < 10; second++) {
      read(alerts, second, 30, { path: "/v1/runs", status: "503" })
      tick(alerts, second + 1)
    }
    expect(state(alerts)).toMatchObject({ of: "/v1/runs", figure: "100%" })
    for (let second = 10; second < 22; second++) {
      read(alerts, second, 100, { path: "/v1/me" })
      tick(alerts, second + 1)
    }
    expect(state(alerts)).toMatchObject({ of: "/v1/runs", figure: "100%" })
    for (let second = 22; second < 25; second++) {
      read(alerts, second, 100, { path: "/v1/me", status: "503" })
      tick(alerts, second + 1)
    }
    expect(state(alerts)).toMatchObject({ of: "/v1/me" })
  })

  test("while it is an alert, says what is measured of that value as long as it is, and that of a higher one", () => {
    const alerts = alertsOf("error%(route) > 20")
    const all = (second: number, [path, failed]: readonly [string, number]) => {
      for (let i = 0; i < 30; i++) read(alerts, second, 1, { path, status: i < failed ? "503" : "200" })
    }
    all(0, ["/v1/runs", 9])
    expect(tick(alerts, 1)).toMatchObject([{ of: "/v1/runs", figure: "30%" }])
    all(1, ["/v1/runs", 0])
    tick(alerts, 2)
    expect(state(alerts)).toMatchObject({ of: "/v1/runs", figure: "15%" })
    all(2, ["/v1/me", 12])
    tick(alerts, 12)
    expect(state(alerts)).toMatchObject({ of: "/v1/me", figure: "40%" })
  })

  test("leaves out requests that have none", () => {
    const alerts = alertsOf("rate(user) > 1/s")
    read(alerts, 0, 100)
    expect(tick(alerts, 1)).toEqual([])
  })

  test("finds the one among very many, and none of the many is taken for one", () => {
    const alerts = alertsOf("rate(ip) > 20/s")
    const changes: AlertChange[] = []
    for (let second = 0; second < 12; second++) {
      for (let i = 0; i < 5000; i++) {
        const client_ip = i % 100 === 0 ? "198.51.100.1" : `10.${second}.${i >> 8}.${i & 255}`
        changes.push(...read(alerts, second, 1, { client_ip }))
      }
    }
    expect(changes).toMatchObject([{ of: "198.51.100.1", endedAt: null }])
    const [found] = alerts.states
    expect(Number.parseFloat(found?.figure ?? "")).toBeGreaterThan(30)
    expect(Number.parseFloat(found?.figure ?? "")).toBeLessThanOrEqual(50)
  })
})
