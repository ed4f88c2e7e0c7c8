import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Deviation } from "../../src/domain/movers/deviations.ts"
import { fisher } from "../../src/domain/movers/fisher.ts"
import { Movers } from "../../src/domain/movers/movers.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { CALM, looks, MEMBERS, START_MS } from "../support/simulated-traffic.ts"

const SECOND = 1_000

describe("Fisher's exact test", () => {
  /** The probability by its definition, in whole numbers. */
  function exact(k: number, n: number, counted: number, all: number): number {
    const choose = (from: number, some: number): bigint => {
      let product = 1n
      for (let i = 0; i < some; i++) product = (product * BigInt(from - i)) / BigInt(i + 1)
      return some < 0 || some > from ? 0n : product
    }
    let sum = 0n
    for (let i = k; i <= Math.min(n, counted); i++) sum += choose(counted, i) * choose(all - counted, n - i)
    return Number((sum * 10n ** 30n) / choose(all, n)) / 1e30
  }

  test("gives the probability of its definition", () => {
    const sample = fc.record({ all: fc.integer({ min: 1, max: 60 }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const [k, r] = [Math.floor(a.part * a.all), Math.floor(b.part * b.all)]
        const p = Math.exp(-fisher({ counted: k, all: a.all }, { counted: r, all: b.all }))
        const isMore = k / a.all > r / b.all
        const expected = isMore ? exact(k, a.all, k + r, a.all + b.all) : 1
        expect(Math.abs(p - expected)).toBeLessThan(1e-6 * expected + 1e-25)
      }),
    )
  })

  test("says nothing where there is nothing to compare with", () => {
    expect(fisher({ counted: 50, all: 50 }, { counted: 0, all: 0 })).toBe(0)
    expect(fisher({ counted: 0, all: 0 }, { counted: 5, all: 50 })).toBe(0)
  })

  test("works with millions of requests", () => {
    const surprise = fisher({ counted: 30_200, all: 1_000_000 }, { counted: 3_000_000, all: 100_000_000 })
    // 1.16 standard deviations above the mean.
    expect(Math.exp(-surprise)).toBeGreaterThan(0.11)
    expect(Math.exp(-surprise)).toBeLessThan(0.14)
  })
})

describe("on the demo's traffic", () => {
  test("nothing stands out while it is calm", () => {
    const found = [...looks(CALM, { minutes: 12, everySeconds: 20 })].flat()
    expect(found).toEqual([])
  })

  test("an attack is one line, with the networks that it comes from", () => {
    const account = MEMBERS[0]!
    const all = [...looks({ scenario: "attack", account, since: 0 }, { minutes: 4, everySeconds: 10 })]
    const [first, ...others] = all.at(-1)!
    expect(others).toEqual([])
    expect(first).toMatchObject({ key: "network", route: "/v1/auth/login", outcome: "refused", before: null })
    expect(first?.values).toHaveLength(5)
    expect(first?.share).toBeGreaterThan(0.7)
    // Each network is named as soon as it can be: the first within a minute.
    expect(all[5]).toHaveLength(1)
  })

  test("a deployment is one line, with the route that fails, and says what was before", () => {
    const since = START_MS + 450 * SECOND
    const all = [...looks({ scenario: "deploy", tried: since, since }, { minutes: 9, everySeconds: 10 })]
    expect(all.slice(0, 44).flat()).toEqual([])
    const [first, ...others] = all.at(-1)!
    expect(others).toEqual([])
    expect(first).toMatchObject({ key: "route", values: ["/v1/threads/:id/runs"], outcome: "failed" })
    expect(first?.before).toBeLessThan(3)
    expect(first?.perMinute).toBeGreaterThan(20)
  })
})

describe("what is compared with what", () => {
  const NOON = 150_000 * 11_333_333
  const MINUTE = 60 * SECOND
  const spread = (count: number, fromMs: number, minutes: number, fields: Record<string, string>) =>
    Array.from({ length: count }, (_, i) => {
      const ms = Math.floor(fromMs + (minutes * MINUTE * i) / count)
      return StreamEntry.from(`${ms}-0`, Object.entries({ path: "/v1/me", status: "200", ...fields }))
    })
  /** Ordinary requests from many networks in the last ten minutes. */
  const people = Array.from({ length: 40 }, (_, n) =>
    spread(100, NOON - 10 * MINUTE, 10, { client_ip: `10.0.${n}.7`, path: n % 2 ? "/v1/me" : "/v1/auth/login" }),
  ).flat()
  const at = (...entries: StreamEntry[][]) => {
    const movers = new Movers(NOON - 20 * MINUTE)
    for (const entry of [...people, ...entries.flat()].sort((a, b) => a.ms - b.ms)) movers.accept(entry)
    return movers.deviations(NOON)
  }
  const guessing = { client_ip: "192.0.2.1", path: "/v1/auth/login", status: "401" }

  test("a few refusals are no deviation", () => {
    expect(at(spread(5, NOON - MINUTE, 1, guessing))).toEqual([])
  })

  test("who is refused where others are not stands out, also if that was so before", () => {
    const found = at(spread(200, NOON - 10 * MINUTE, 10, guessing))
    expect(found).toMatchObject([{ key: "network", values: ["192.0.2.0/24"], share: 1 }])
    expect(found[0]?.before).toBeCloseTo(found[0]!.perMinute, 0)
  })

  test("a path that is refused to everybody is no sender's fault", () => {
    const probing = Array.from({ length: 20 }, (_, n) =>
      spread(30, NOON - 10 * MINUTE, 10, { client_ip: `192.0.2${n}.1`, path: "/.env", status: "404" }),
    )
    expect(at(...probing)).toEqual([])
  })

  test("who begins to ask for what nobody else asks for stands out against the time before", () => {
    const scan = { client_ip: "192.0.2.1", path: "/.env", status: "404" }
    expect(at(spread(200, NOON - 2 * MINUTE, 2, scan))).toMatchObject([
      { key: "network", before: 0, outcome: "refused" },
    ])
  })

  test("one user behind a network is named alone", () => {
    const failing = { client_ip: "192.0.2.1", user_id: "u-1", path: "/v1/auth/login", status: "500" }
    expect(at(spread(100, NOON - 2 * MINUTE, 2, failing))).toMatchObject([{ key: "user", values: ["u-1"] }])
  })

  test("a route that is refused to all as never before stands out, and what is new comes first", () => {
    const locked = Array.from({ length: 40 }, (_, n) =>
      spread(10, NOON - 2 * MINUTE, 2, { client_ip: `10.0.${n}.7`, path: "/v1/runs", status: "403" }),
    )
    const open = spread(200, NOON - 10 * MINUTE, 5, { client_ip: "10.9.0.1", path: "/v1/runs" })
    const old = spread(2_000, NOON - 10 * MINUTE, 10, guessing)
    expect(at(...locked, open, old).map(({ values }) => values)).toEqual([["/v1/runs"], ["192.0.2.0/24"]])
  })

  test("the share of a route is that of all its requests, whoever else stands out on it", () => {
    const scanner = spread(300, NOON - 2 * MINUTE, 2, { client_ip: "192.0.2.1", path: "/v1/runs", status: "500" })
    const others = Array.from({ length: 40 }, (_, n) => [
      ...spread(5, NOON - 2 * MINUTE, 2, { client_ip: `10.0.${n}.7`, path: "/v1/runs", status: "500" }),
      ...spread(5, NOON - 2 * MINUTE, 2, { client_ip: `10.0.${n}.7`, path: "/v1/runs" }),
    ])
    const route = at(scanner, ...others).find(({ key }) => key === "route")
    expect(route).toMatchObject({ share: 500 / 700, before: 0 })
    expect(route?.perMinute).toBeCloseTo(500 / (300 / 60), -1)
  })
})

describe("while a burst lasts", () => {
  const MINUTE = 60 * SECOND
  const NOON = 150_000 * 11_333_333

  /** Forty minutes with a path that a few are refused, from the tenth minute on all: what is asked of them every ten seconds. */
  function lasting(filterAt = Number.POSITIVE_INFINITY) {
    const held: StreamEntry[] = []
    const movers = new Movers(NOON)
    const looks: { minute: number; found: Deviation[] }[] = []
    for (let n = 0; n < 9_600; n++) {
      const ms = NOON + n * 250
      const isOnPath = n % 4 === 0
      const isRefused = isOnPath && (ms >= NOON + 10 * MINUTE || n % 80 === 0)
      const path = isOnPath ? "/v1/runs" : "/v1/me"
      const fields = { client_ip: `10.0.${n % 149}.7`, path, status: isRefused ? "403" : "200" }
      const entry = StreamEntry.from(`${ms}-0`, Object.entries(fields))
      if (isOnPath) held.push(entry)
      if (isOnPath || ms < NOON + filterAt * MINUTE) movers.accept(entry)
      if (ms === NOON + filterAt * MINUTE) {
        movers.recount(ms)
        for (const one of held.reverse()) movers.accept(one)
        movers.see(NOON)
      }
      if (n % 40 === 0) looks.push({ minute: n / 240, found: movers.deviations(ms) })
    }
    return looks.filter(({ minute }) => minute >= 14)
  }

  test("what was before is what was before it began, and the line stays", () => {
    const looks = lasting()
    expect(looks.filter(({ found }) => found.length !== 1 || found[0]?.route !== "/v1/runs")).toEqual([])
    expect(new Set(looks.map(({ found }) => found[0]?.before))).toEqual(new Set([3]))
  })

  test("so it is with the filter that the line gives", () => {
    const looks = lasting(18)
    expect(looks.filter(({ found }) => found.length !== 1)).toEqual([])
    for (const { found } of looks.filter(({ minute }) => minute > 18)) expect(found[0]?.before).toBeCloseTo(3, 0)
  })
})
