import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG, GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { inspectGateway, setGateway, showGateway } from "../../src/services/gateway/gateway.ts"
import { operationsOn } from "../support/operators.ts"
import { eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"

const ROWS = { ip_mode: "trusted_proxy", trusted_cidrs: '["10.0.0.0/8"]', risk_reject_threshold: "80" }
const COPY = { ip_mode: "trusted_proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 80 }
const RATES = { rate_limit_capacity: 600, rate_limit_per_minute: 300 }
const SET = { ip_mode: "proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 0.8 }
const CONFIG = { ...SET, ...RATES }
const DEFAULTS = { ip_mode: "direct", trusted_cidrs: [], risk_reject_threshold: 0, ...RATES }
const UNSET = {
  ip_mode: "unset",
  trusted_cidrs: "unset",
  risk_reject_threshold: "unset",
  rate_limit_capacity: "unset",
  rate_limit_per_minute: "unset",
}
const SOURCES = { ...UNSET, ip_mode: "row", trusted_cidrs: "row", risk_reject_threshold: "row" }

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const show = async () => (await operations.deck()).run(showGateway, {})
  const inspect = async () => (await operations.deck()).run(inspectGateway, {})
  const preview = async (input: object) => (await operations.deck()).preview(setGateway, input)

  beforeEach(async () => {
    await settings.setRows("gateway.", ROWS)
    await settings.setCopy(JSON.stringify(COPY))
    await operations.gateway.xadd(ACCESS_LOG, "MAXLEN", 1, "*", "path", "/")
  })

  afterEach(() => vi.unstubAllEnvs())

  describe("what is shown", () => {
    test("is in the contract's words and units, and in sync where the copy says the same", async () => {
      expect(await show()).toEqual({ ...CONFIG, sources: SOURCES, in_sync: true })
    })

    test("is what the platform does by itself where nothing is set, in sync without a copy", async () => {
      await settings.setRows("gateway.", {})
      await settings.setCopy(undefined)
      expect(await show()).toEqual({ ...DEFAULTS, sources: UNSET, in_sync: true })
      await settings.setCopy('{"x": 3}')
      expect(await show()).toEqual({ ...DEFAULTS, sources: UNSET, in_sync: true })
    })

    test("is what the gateway's variables on this host say, where neither a row nor the copy does", async () => {
      await settings.setRows("gateway.", { ip_mode: "direct" })
      await settings.setCopy('{"ip_mode":"direct","trusted_cidrs":[],"rate_limit_capacity":0}')
      vi.stubEnv("ARKLOOP_GATEWAY_IP_MODE", "cloudflare")
      vi.stubEnv("ARKLOOP_GATEWAY_TRUSTED_CIDRS", "10.0.0.0/8, 2001:db8::/32")
      vi.stubEnv("ARKLOOP_GATEWAY_RISK_REJECT_THRESHOLD", "80")
      vi.stubEnv("ARKLOOP_RATELIMIT_CAPACITY", "1200.5")
      vi.stubEnv("ARKLOOP_RATELIMIT_RATE_PER_MINUTE", "")
      expect(await show()).toEqual({
        ip_mode: "direct",
        trusted_cidrs: ["10.0.0.0/8", "2001:db8::/32"],
        risk_reject_threshold: 0.8,
        rate_limit_capacity: 1200.5,
        rate_limit_per_minute: 300,
        sources: {
          ip_mode: "row",
          trusted_cidrs: "env",
          risk_reject_threshold: "env",
          rate_limit_capacity: "env",
          rate_limit_per_minute: "unset",
        },
        in_sync: true,
      })
    })

    test("is what the copy says without a row, which wins over the variables, and that is drift", async () => {
      await settings.setRows("gateway.", {})
      await settings.setCopy('{"risk_reject_threshold":0,"rate_limit_per_minute":60}')
      vi.stubEnv("ARKLOOP_GATEWAY_RISK_REJECT_THRESHOLD", "80")
      expect(await show()).toEqual({
        ...DEFAULTS,
        rate_limit_per_minute: 60,
        sources: { ...UNSET, risk_reject_threshold: "copy", rate_limit_per_minute: "copy" },
        in_sync: false,
      })
      expect(await inspect()).toMatchObject({
        drift: ["risk_reject_threshold", "rate_limit_per_minute"],
        repairable: false,
      })
    })

    test("has the rate limits, which the platform's own page drops from the copy: that is drift", async () => {
      await settings.setRows("gateway.", {
        ...ROWS,
        ratelimit_capacity: "1200",
        ratelimit_rate_per_minute: "600.5",
      })
      expect(await show()).toMatchObject({
        rate_limit_capacity: 1200,
        rate_limit_per_minute: 600.5,
        sources: { rate_limit_capacity: "row", rate_limit_per_minute: "row" },
        in_sync: false,
      })
      expect(await inspect()).toMatchObject({
        drift: ["rate_limit_capacity", "rate_limit_per_minute"],
        repairable: true,
      })
      await settings.setCopy(JSON.stringify({ ...COPY, rate_limit_capacity: 1200, rate_limit_per_minute: 600.5 }))
      expect(await show()).toMatchObject({ in_sync: true })
    })

    test.each([
      ["none", undefined],
      ["no JSON", "{"],
      ["no object", "[]"],
      ["a number", "7.50"],
      ["empty", ""],
      ["another threshold", JSON.stringify({ ...COPY, risk_reject_threshold: 75 })],
      ["a threshold as text", JSON.stringify({ ...COPY, risk_reject_threshold: "80" })],
      ["a threshold with a fraction", JSON.stringify(COPY).replace("80", "80.0")],
      ["blocks in another order or number", JSON.stringify({ ...COPY, trusted_cidrs: [] })],
      ["blocks as one text", JSON.stringify({ ...COPY, trusted_cidrs: "10.0.0.0/8" })],
      ["an unknown mode", JSON.stringify({ ...COPY, ip_mode: "proxy" })],
    ])("is not in sync with a copy that is %s", async (_, copy) => {
      await settings.setCopy(copy)
      expect(await show()).toEqual({ ...CONFIG, sources: SOURCES, in_sync: false })
    })

    test("reads the older list with commas", async () => {
      await settings.setRows("gateway.", { ...ROWS, trusted_cidrs: "10.0.0.0/8, 2001:db8::/32" })
      expect((await show()).trusted_cidrs).toEqual(["10.0.0.0/8", "2001:db8::/32"])
    })

    test("is what can be read, whatever a row holds", async () => {
      await settings.setRows("gateway.", { ip_mode: "magic", trusted_cidrs: "[[", risk_reject_threshold: "lots" })
      expect(await show()).toEqual({ ...DEFAULTS, sources: SOURCES, in_sync: false })
    })
  })

  describe("the inspection", () => {
    test("has both sides, what differs, and what else the copy holds", async () => {
      await settings.setCopy(JSON.stringify({ ...COPY, risk_reject_threshold: 75, x: [1] }))
      expect(await inspect()).toEqual({
        database: SET,
        copy: { ...SET, risk_reject_threshold: 0.75 },
        unknown: { x: [1] },
        sources: SOURCES,
        values: CONFIG,
        drift: ["risk_reject_threshold"],
        repairable: true,
        garbled: { database: [], copy: [] },
        unreadable: [],
        trouble: null,
      })
    })

    test("says what cannot be read, and what makes the gateway ignore its copy", async () => {
      await settings.setRows("gateway.", { ip_mode: "magic", trusted_cidrs: "10.0.0.0/8,foo" })
      await settings.setCopy(
        JSON.stringify({
          ip_mode: "direct",
          trusted_cidrs: ["10.0.0.0/8", "foo"],
          risk_reject_threshold: "80",
          rate_limit_per_minute: "99",
        }),
      )
      expect(await inspect()).toMatchObject({
        database: { trusted_cidrs: ["10.0.0.0/8", "foo"] },
        drift: ["ip_mode", "risk_reject_threshold", "rate_limit_per_minute"],
        garbled: { database: ["ip_mode"], copy: ["risk_reject_threshold", "rate_limit_per_minute"] },
        unreadable: [
          'the database: ip_mode cannot be read: "magic"',
          'the database: "foo" in trusted_cidrs is not a CIDR block',
          `the gateway's copy: risk_reject_threshold cannot be read: "80"`,
          `the gateway's copy: rate_limit_per_minute cannot be read: "99"`,
          `the gateway's copy: "foo" in trusted_cidrs is not a CIDR block`,
          "the gateway ignores its whole copy: wrong type of risk_reject_threshold, rate_limit_per_minute",
        ],
      })
      await settings.setCopy("[]")
      expect(await inspect()).toMatchObject({
        copy: null,
        drift: ["ip_mode", "trusted_cidrs"],
        garbled: { database: ["ip_mode"], copy: Object.keys(CONFIG) },
        unreadable: expect.arrayContaining(["the gateway's copy is not a JSON object: the gateway ignores it"]),
      })
    })

    test("knows what a repair would put right: not what only the database could say", async () => {
      expect(await inspect()).toMatchObject({ drift: [], repairable: false })
      await settings.setCopy(JSON.stringify({ ...COPY, rate_limit_capacity: "9" }))
      expect(await inspect()).toMatchObject({ drift: ["rate_limit_capacity"], repairable: true })
      await settings.setCopy(JSON.stringify(COPY))
      await settings.setRows("gateway.", { ...ROWS, ip_mode: "magic" })
      expect(await inspect()).toMatchObject({ drift: ["ip_mode"], repairable: false })
    })

    test("is the database alone where Redis cannot be asked, and says why", async () => {
      const redis = openRedis({ api: { url: "redis://127.0.0.1:1" }, gateway: { url: "redis://127.0.0.1:1" } })
      const deck = await operations.deck(undefined, redis)
      expect(await deck.run(inspectGateway, {})).toEqual({
        database: SET,
        copy: null,
        unknown: {},
        sources: SOURCES,
        values: CONFIG,
        drift: [],
        repairable: false,
        garbled: { database: [], copy: [] },
        unreadable: [],
        trouble: expect.stringMatching(/cannot be reached/),
      })
      await expect(deck.run(showGateway, {})).rejects.toMatchObject({ code: "unavailable" })
      redis.close()
    })

    test("says so where the key holds something else", async () => {
      await operations.gateway.del(GATEWAY_CONFIG)
      await operations.gateway.lpush(GATEWAY_CONFIG, "x")
      expect(await inspect()).toMatchObject({
        copy: null,
        trouble: expect.stringMatching(/is of another kind|another type/),
      })
    })
  })

  describe("the preview", () => {
    test("says old and new, and when it is in force", async () => {
      const input = { ip_mode: "cdn", trusted_cidrs: ["10.0.0.0/8", "172.16.0.9/12"], risk_reject_threshold: "0.7" }
      expect(await preview(input)).toEqual({
        title: "Change the gateway's settings",
        subject: [],
        effects: [
          "mode: proxy → cdn: saved, in force after a gateway restart",
          "trusted CIDRs: + 172.16.0.9/12: saved, in force after a gateway restart",
          "reject at risk: 0.80 → 0.70: in force within 30 s",
          "172.16.0.9/12 means 172.16.0.0/12",
        ],
        unchanged: false,
        needsConfirmation: true,
      })
    })

    test("says what stood there where that could not be read", async () => {
      await settings.setRows("gateway.", { ip_mode: "magic", trusted_cidrs: "[[", risk_reject_threshold: "lots" })
      const { effects } = await preview({ ip_mode: "direct", trusted_cidrs: [], risk_reject_threshold: 0.5 })
      expect(effects).toEqual([
        'mode: "magic" → direct: saved, in force after a gateway restart',
        'trusted CIDRs: "[[" → none: saved, in force after a gateway restart',
        'reject at risk: "lots" → 0.50: in force within 30 s',
        "an empty list falls back to the gateway's environment",
      ])
    })

    test("says what none and 0 mean", async () => {
      vi.stubEnv("ARKLOOP_GATEWAY_RISK_REJECT_THRESHOLD", "80")
      expect((await preview({ trusted_cidrs: [], risk_reject_threshold: 0 })).effects).toEqual([
        "trusted CIDRs: - 10.0.0.0/8: saved, in force after a gateway restart",
        "reject at risk: 0.80 → 0.00: in force within 30 s",
        "mode proxy without trusted CIDRs: the forwarded address is not read, so every client has the proxy's, unless the gateway's environment sets some (ARKLOOP_GATEWAY_TRUSTED_CIDRS)",
        "an empty list falls back to the gateway's environment",
        "0 switches rejection off, whatever the gateway's environment says, which rejects at 0.80",
      ])
    })

    test("warns of what can be turned against the platform", async () => {
      expect((await preview({ ip_mode: "cdn", trusted_cidrs: ["0.0.0.0/0"] })).effects).toContain(
        "0.0.0.0/0 means every IPv4 address: trusts everybody",
      )
      expect((await preview({ ip_mode: "cdn", trusted_cidrs: [] })).effects).toContain(
        "mode cdn without trusted CIDRs: a client can choose the address that it is known by, unless the gateway's environment sets some (ARKLOOP_GATEWAY_TRUSTED_CIDRS)",
      )
      for (let i = 0; i < 30; i++) await operations.gateway.xadd(ACCESS_LOG, "*", "risk_score", i < 20 ? "10" : "0")
      expect((await preview({ risk_reject_threshold: 0.1 })).effects).toContain(
        "65% of the newest requests have this risk or more: they would be rejected",
      )
      expect((await preview({ risk_reject_threshold: 0.11 })).effects.join()).not.toMatch(/newest requests/)
    })

    test("names the addresses and organizations that a rate would have limited in the last minute", async () => {
      for (let i = 0; i < 5; i++) await operations.gateway.xadd(ACCESS_LOG, "*", "client_ip", "203.0.113.7")
      await operations.gateway.xadd(ACCESS_LOG, "*", "client_ip", "203.0.113.8")
      const { effects } = await preview({ rate_limit_capacity: 2, rate_limit_per_minute: 1 })
      expect(effects).toContain(
        "at 1 a minute, of the last minute 3 requests would have been refused, from 1: 203.0.113.7 (3)",
      )
    })

    test("of what follows the environment again says from where it goes, and what this host knows of the rest", async () => {
      vi.stubEnv("ARKLOOP_GATEWAY_IP_MODE", "cloudflare")
      const { effects } = await preview({ inherit: ["ip_mode", "risk_reject_threshold"] })
      expect(effects.slice(0, 2)).toEqual([
        "mode: taken from the row (proxy) and the gateway's copy (proxy); the gateway's own environment applies again: ARKLOOP_GATEWAY_IP_MODE is cdn on this host: saved, in force after a gateway restart",
        "reject at risk: taken from the row (0.80) and the gateway's copy (0.80); the gateway's own environment applies again: ARKLOOP_GATEWAY_RISK_REJECT_THRESHOLD is not set on this host, which need not be the gateway's: in force within 30 s",
      ])
    })

    test("says what stays in the copy though no row says it", async () => {
      await settings.setRows("gateway.", {})
      expect((await preview({ ip_mode: "direct" })).effects).toEqual([
        "mode: not set here → direct: saved, in force after a gateway restart",
        "trusted CIDRs: the gateway's copy says 10.0.0.0/8 without a row, over the gateway's environment: it stays (--inherit trusted_cidrs removes it)",
        "reject at risk: the gateway's copy says 0.80 without a row, over the gateway's environment: it stays (--inherit risk_reject_threshold removes it)",
      ])
    })

    test("where nothing of the gateway's is says so, and asks for more than a key", async () => {
      await operations.gateway.del(ACCESS_LOG, GATEWAY_CONFIG)
      const { typed, effects } = await preview({ risk_reject_threshold: 0.5 })
      expect(typed).toBe("first write")
      expect(effects[0]).toMatch(
        /holds neither the access log nor the gateway's copy of its settings; check GATEWAY_RED/,
      )
      await operations.api.xadd(ACCESS_LOG, "*", "path", "/")
      expect((await preview({ risk_reject_threshold: 0.5 })).effects[0]).toMatch(
        /; the access log is in \S+\/0: name it/,
      )
      await operations.api.del(ACCESS_LOG)
      expect(await preview({ risk_reject_threshold: 0.5, first_write: true })).not.toHaveProperty("typed")
    })

    test("says what else the copy gets with it", async () => {
      await settings.setCopy(JSON.stringify({ ...COPY, risk_reject_threshold: 75, rate_limit_capacity: "9" }))
      expect((await preview({ ip_mode: "direct" })).effects.slice(1)).toEqual([
        "the gateway ignores its present copy: it is repaired",
        "reject at risk: the gateway's copy changes from 0.75 to 0.80, as in the database",
        `burst: the gateway's copy says "9" without a row, over the gateway's environment: it stays (--inherit rate_limit_capacity removes it)`,
      ])
    })

    test("of what is so already asks nothing", async () => {
      expect(await preview({ ip_mode: "proxy" })).toMatchObject({
        effects: ["nothing changes: everything already has these values"],
        needsConfirmation: false,
      })
    })
  })
})
