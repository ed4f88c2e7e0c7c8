import { describe, expect, test } from "vitest"
import type { Member } from "../../src/demo/traffic/clients.ts"
import { createTraffic } from "../../src/demo/traffic/traffic.ts"

const START = Date.UTC(2026, 10, 22, 14)
const HOUR_MS = 3_600_000
const MEMBERS: Member[] = Array.from({ length: 60 }, (_, i) => ({
  userId: `user-${i}`,
  orgId: `org-${i % 7}`,
  threads: i % 3 === 0 ? [] : [`thread-${i}`],
  runs: [],
}))
const REQUESTS = 8_000

/** An hour of requests, evenly spread. */
function hour(seed = 1) {
  const traffic = createTraffic(MEMBERS, seed)
  return Array.from({ length: REQUESTS }, (_, i) => traffic.requestAt(START + i * (HOUR_MS / REQUESTS)))
}

const requests = hour()
const entries = requests.map(pairs => Object.fromEntries(pairs.map(([name, value]) => [name, value.toString()])))
const shareOf = (of: (entry: Record<string, string>) => boolean) => entries.filter(of).length / entries.length

describe("a request", () => {
  test("has the fields of the gateway's log, as text, the user's id only where it is no API key's", () => {
    const shared =
      "ts trace_id method path status duration_ms client_ip country city user_agent ua_type risk_score identity_type org_id"
    for (const pairs of requests) {
      const names = pairs.map(([name]) => name).join(" ")
      const byKey = pairs.some(([name, value]) => name === "identity_type" && value === "api_key")
      expect(names).toBe(byKey ? shared : `${shared} user_id`)
    }
  })

  test("has values of the gateway's kinds", () => {
    for (const entry of entries) {
      expect(entry).toMatchObject({
        ts: expect.stringMatching(/^2026-11-22T14:\d\d:\d\dZ$/),
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        status: expect.stringMatching(/^[1-5]\d\d$/),
        duration_ms: expect.stringMatching(/^\d+$/),
        ua_type: expect.stringMatching(/^(human|bot|tool|unknown)$/),
        risk_score: expect.stringMatching(/^(\d\d?|100)$/),
        identity_type: expect.stringMatching(/^(jwt|api_key|anonymous)$/),
      })
    }
  })

  test("is the same for the same seed and time, and another for another seed", () => {
    expect(hour()).toEqual(requests)
    expect(hour(2).slice(0, 50)).not.toEqual(requests.slice(0, 50))
  })
})

describe("whoever's sessions have ended", () => {
  const traffic = createTraffic(MEMBERS, 1)
  const ended = new Set(MEMBERS.map(({ userId }) => userId))
  const refused = Array.from({ length: 2_000 }, (_, i) => Object.fromEntries(traffic.requestAt(START + i, ended)))

  test("is refused at once, and nobody else is", () => {
    const theirs = refused.filter(({ user_id, status }) => ended.has(String(user_id)) && status !== "429")
    expect(theirs.length).toBeGreaterThan(1_000)
    expect(theirs.filter(({ status, duration_ms }) => status !== "401" || Number(duration_ms) > 10)).toEqual([])
    expect(refused.some(({ identity_type, status }) => identity_type === "api_key" && status === "200")).toBe(true)
  })
})

describe("an hour of traffic", () => {
  test("has people, programs, strangers, scanners, errors, limits and slow requests", () => {
    expect(shareOf(entry => entry.identity_type === "jwt")).toBeGreaterThan(0.5)
    expect(shareOf(entry => entry.identity_type === "api_key")).toBeGreaterThan(0.05)
    expect(shareOf(entry => entry.path === "/wp-login.php")).toBeGreaterThan(0)
    expect(shareOf(entry => Number(entry.risk_score) >= 80)).toBeGreaterThan(0.001)
    expect(shareOf(entry => entry.status === "429")).toBeGreaterThan(0.001)
    const failed = shareOf(entry => entry.status?.startsWith("5") ?? false)
    expect(failed).toBeGreaterThan(0.001)
    expect(failed).toBeLessThan(0.2)
    expect(shareOf(entry => Number(entry.duration_ms) > 2_000)).toBeGreaterThan(0.002)
    expect(shareOf(entry => entry.client_ip?.includes(":") ?? false)).toBeGreaterThan(0.1)
  })

  test("has a few signed-in users whom a risk threshold of 0.7 would reject", () => {
    const hit = entries.filter(entry => entry.identity_type === "jwt" && Number(entry.risk_score) >= 70)
    const users = new Set(hit.map(entry => entry.user_id))
    expect(users.size).toBeGreaterThan(1)
    expect(users.size).toBeLessThan(8)
    expect(hit.length / entries.length).toBeLessThan(0.01)
  })

  test("has hostile text: escape sequences, bidirectional overrides, CJK, bytes that are no UTF-8, endless paths", () => {
    const paths = requests.map(pairs => pairs.find(([name]) => name === "path")?.[1] ?? "")
    for (const hostile of [/\u001b\]52;/, /\u202e/, /\n/, /[\u4e00-\u9fff]/, /.{2000}/]) {
      expect(paths.some(path => hostile.test(path.toString()))).toBe(true)
    }
    expect(paths.some(path => Buffer.isBuffer(path) && !Buffer.from(path.toString()).equals(path))).toBe(true)
  })

  test("is of the rate asked for on average, with bursts above it", () => {
    const traffic = createTraffic(MEMBERS, 1)
    const rates = Array.from({ length: 7_200 }, (_, i) => traffic.rateAt(START + i * 500, 200))
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
    expect(mean).toBeGreaterThan(180)
    expect(mean).toBeLessThan(220)
    expect(Math.max(...rates)).toBeGreaterThan(500)
    expect(Math.min(...rates)).toBeGreaterThan(80)
  })
})
