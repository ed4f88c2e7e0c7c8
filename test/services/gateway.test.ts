import { describe, expect, test, vi } from "vitest"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { inspectGateway, showGateway } from "../../src/services/gateway/gateway.ts"
import { COPY, JSON_ROWS, syncedGatewayOn } from "../support/gateway-settings.ts"
import { eachGeneration } from "../support/postgres.ts"

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
  const { operations, settings } = syncedGatewayOn(database)
  const show = async () => (await operations.deck()).run(showGateway, {})
  const inspect = async () => (await operations.deck()).run(inspectGateway, {})

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
        copies: [{ drift: ["risk_reject_threshold", "rate_limit_per_minute"], repairable: false }],
      })
    })

    test("has the rate limits, which the platform's own page drops from the copy: that is drift", async () => {
      await settings.setRows("gateway.", {
        ...JSON_ROWS,
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
        copies: [{ drift: ["rate_limit_capacity", "rate_limit_per_minute"], repairable: true }],
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
      await settings.setRows("gateway.", { ...JSON_ROWS, trusted_cidrs: "10.0.0.0/8, 2001:db8::/32" })
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
        sources: SOURCES,
        values: CONFIG,
        garbled: [],
        unreadable: [],
        copies: [
          {
            gateways: [],
            copy: { ...SET, risk_reject_threshold: 0.75 },
            unknown: { x: [1] },
            drift: ["risk_reject_threshold"],
            repairable: true,
            garbled: [],
            trouble: null,
          },
        ],
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
        garbled: ["ip_mode"],
        copies: [
          {
            drift: ["ip_mode", "risk_reject_threshold", "rate_limit_per_minute"],
            garbled: ["risk_reject_threshold", "rate_limit_per_minute"],
          },
        ],
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
        copies: [{ copy: null, drift: ["ip_mode", "trusted_cidrs"], garbled: Object.keys(CONFIG) }],
        garbled: ["ip_mode"],
        unreadable: expect.arrayContaining(["the gateway's copy is not a JSON object: the gateway ignores it"]),
      })
    })

    test("knows what a repair would put right: not what only the database could say", async () => {
      expect(await inspect()).toMatchObject({ copies: [{ drift: [], repairable: false }] })
      await settings.setCopy(JSON.stringify({ ...COPY, rate_limit_capacity: "9" }))
      expect(await inspect()).toMatchObject({ copies: [{ drift: ["rate_limit_capacity"], repairable: true }] })
      await settings.setCopy(JSON.stringify(COPY))
      await settings.setRows("gateway.", { ...JSON_ROWS, ip_mode: "magic" })
      expect(await inspect()).toMatchObject({ copies: [{ drift: ["ip_mode"], repairable: false }] })
    })

    test("is the database alone where Redis cannot be asked, and says why", async () => {
      const redis = openRedis({
        api: { url: "redis://127.0.0.1:1" },
        gateways: oneGateway({ url: "redis://127.0.0.1:1" }),
      })
      const deck = await operations.deck(undefined, redis)
      expect(await deck.run(inspectGateway, {})).toEqual({
        database: SET,
        sources: SOURCES,
        values: CONFIG,
        garbled: [],
        unreadable: [],
        copies: [
          {
            gateways: [],
            copy: null,
            unknown: {},
            drift: [],
            repairable: false,
            garbled: [],
            trouble: expect.stringMatching(/cannot be reached/),
          },
        ],
      })
      await expect(deck.run(showGateway, {})).rejects.toMatchObject({ code: "unavailable" })
      redis.close()
    })

    test("says so where the key holds something else", async () => {
      await operations.gateway.del(GATEWAY_CONFIG)
      await operations.gateway.lpush(GATEWAY_CONFIG, "x")
      expect(await inspect()).toMatchObject({
        copies: [{ copy: null, trouble: expect.stringMatching(/is of another kind|another type/) }],
      })
    })
  })
})
