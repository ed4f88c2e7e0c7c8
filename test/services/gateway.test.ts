import { beforeEach, describe, expect, test } from "vitest"
import { openRedis } from "../../src/adapters/redis/connections.ts"
import { GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { inspectGateway, setGateway, showGateway } from "../../src/services/gateway/gateway.ts"
import { operationsOn } from "../support/operators.ts"
import { eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"

const ROWS = { ip_mode: "trusted_proxy", trusted_cidrs: '["10.0.0.0/8"]', risk_reject_threshold: "80" }
const COPY = { ip_mode: "trusted_proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 80 }
const CONFIG = { ip_mode: "proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 0.8 }
const DEFAULTS = { ip_mode: "direct", trusted_cidrs: [], risk_reject_threshold: 0 }
const ALL = ["ip_mode", "trusted_cidrs", "risk_reject_threshold"]

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const show = async () => (await operations.deck()).run(showGateway, {})
  const inspect = async () => (await operations.deck()).run(inspectGateway, {})
  const preview = async (input: object) => (await operations.deck()).preview(setGateway, input)

  beforeEach(async () => {
    await settings.setRows("gateway.", ROWS)
    await settings.setCopy(JSON.stringify(COPY))
  })

  describe("what is shown", () => {
    test("is in the contract's words and units, and in sync where the copy says the same", async () => {
      expect(await show()).toEqual({ ...CONFIG, in_sync: true })
    })

    test("is the defaults where nothing is set, in sync without a copy", async () => {
      await settings.setRows("gateway.", {})
      await settings.setCopy(undefined)
      expect(await show()).toEqual({ ...DEFAULTS, in_sync: true })
      await settings.setCopy('{"rate_limit_capacity": 3}')
      expect(await show()).toEqual({ ...DEFAULTS, in_sync: true })
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
      expect(await show()).toEqual({ ...CONFIG, in_sync: false })
    })

    test("reads the older list with commas", async () => {
      await settings.setRows("gateway.", { ...ROWS, trusted_cidrs: "10.0.0.0/8, 2001:db8::/32" })
      expect((await show()).trusted_cidrs).toEqual(["10.0.0.0/8", "2001:db8::/32"])
    })

    test("is what can be read, whatever a row holds", async () => {
      await settings.setRows("gateway.", { ip_mode: "magic", trusted_cidrs: "[[", risk_reject_threshold: "lots" })
      expect(await show()).toEqual({ ...DEFAULTS, in_sync: false })
    })
  })

  describe("the inspection", () => {
    test("has both sides, what differs, and what else the copy holds", async () => {
      await settings.setCopy(JSON.stringify({ ...COPY, risk_reject_threshold: 75, rate_limit_capacity: 1234, x: [1] }))
      expect(await inspect()).toEqual({
        database: CONFIG,
        copy: { ...CONFIG, risk_reject_threshold: 0.75 },
        unknown: { rate_limit_capacity: 1234, x: [1] },
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
        database: { ...DEFAULTS, trusted_cidrs: ["10.0.0.0/8", "foo"] },
        drift: ["ip_mode", "risk_reject_threshold"],
        garbled: { database: ["ip_mode"], copy: ["risk_reject_threshold"] },
        unreadable: [
          'the database: ip_mode cannot be read: "magic"',
          'the database: "foo" in trusted_cidrs is not a CIDR block',
          `the gateway's copy: risk_reject_threshold cannot be read: "80"`,
          `the gateway's copy: "foo" in trusted_cidrs is not a CIDR block`,
          "the gateway ignores its whole copy: wrong type of risk_reject_threshold, rate_limit_per_minute",
        ],
      })
      await settings.setCopy("[]")
      expect(await inspect()).toMatchObject({
        copy: null,
        drift: ALL,
        garbled: { database: ["ip_mode"], copy: ALL },
        unreadable: expect.arrayContaining(["the gateway's copy is not a JSON object: the gateway ignores it"]),
      })
    })

    test("knows what a repair would put right: not what only the database could say", async () => {
      expect(await inspect()).toMatchObject({ drift: [], repairable: false })
      await settings.setCopy(JSON.stringify({ ...COPY, rate_limit_capacity: "9" }))
      expect(await inspect()).toMatchObject({ drift: [], repairable: true })
      await settings.setCopy(JSON.stringify(COPY))
      await settings.setRows("gateway.", { ...ROWS, ip_mode: "magic" })
      expect(await inspect()).toMatchObject({ drift: ["ip_mode"], repairable: false })
    })

    test("is the database alone where Redis cannot be asked, and says why", async () => {
      const redis = openRedis({ api: { url: "redis://127.0.0.1:1" }, gateway: { url: "redis://127.0.0.1:1" } })
      const deck = await operations.deck(undefined, redis)
      expect(await deck.run(inspectGateway, {})).toEqual({
        database: CONFIG,
        copy: null,
        unknown: {},
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
          "172.16.0.9/12 means 172.16.0.0/12",
          "reject at risk: 0.80 → 0.70: in force within 30 s",
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
        "an empty list falls back to the gateway's environment",
        'reject at risk: "lots" → 0.50: in force within 30 s',
      ])
    })

    test("says what none and 0 mean", async () => {
      expect((await preview({ trusted_cidrs: [], risk_reject_threshold: 0 })).effects).toEqual([
        "trusted CIDRs: - 10.0.0.0/8: saved, in force after a gateway restart",
        "an empty list falls back to the gateway's environment",
        "reject at risk: 0.80 → 0.00: in force within 30 s",
        "0 switches rejection off, unless the gateway's environment sets a threshold",
      ])
    })

    test("says what else the copy gets with it", async () => {
      await settings.setCopy(JSON.stringify({ ...COPY, risk_reject_threshold: 75, rate_limit_capacity: "9" }))
      expect((await preview({ ip_mode: "direct" })).effects.slice(1)).toEqual([
        "the gateway ignores its present copy: it is repaired",
        "reject at risk: the gateway's copy changes from 0.75 to 0.80, as in the database",
      ])
    })

    test("of what is so already asks nothing", async () => {
      expect(await preview({ ip_mode: "proxy" })).toMatchObject({
        effects: ["nothing changes: everything is so already"],
        needsConfirmation: false,
      })
    })
  })
})
