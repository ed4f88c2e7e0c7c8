import { beforeEach, describe, expect, test } from "vitest"
import { ACCESS_LOG, GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { cacheOf } from "../../src/adapters/redis/setting-cache.ts"
import { repairGateway, setGateway, showGateway } from "../../src/services/gateway/gateway.ts"
import { repair } from "../../src/services/repair.ts"
import { ACTION, COPY, gatewayOn, OTHERS, RATES, REDIS, ROWS, SHORT_TRACE } from "../support/gateway-settings.ts"
import { eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const { operations, settings, caches, cutOff } = gatewayOn(database)

  describe("a change", () => {
    test("is in the row, the audit row, the gateway's copy and no cache any more", async () => {
      const deck = await operations.deck()
      const { answer, steps, traceId } = await deck.change(setGateway, {
        risk_reject_threshold: 0.57,
        reason: "credential stuffing",
      })
      expect(answer).toEqual({ ip_mode: "proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 0.57, ...RATES })
      expect(steps).toEqual([{ what: "reject at risk" }, ...REDIS, SHORT_TRACE])
      expect(await settings.rows("gateway.")).toEqual({
        "gateway.ip_mode": "trusted_proxy",
        "gateway.trusted_cidrs": "10.0.0.0/8",
        "gateway.risk_reject_threshold": "57",
      })
      expect(await settings.audit(ACTION)).toEqual([
        {
          target_type: "platform_setting",
          target_id: "gateway",
          trace_id: traceId,
          metadata_json: { reason: "credential stuffing" },
          before_state_json: { risk_reject_threshold: 0.8 },
          after_state_json: { risk_reject_threshold: 0.57 },
        },
      ])
      expect(await operations.gateway.get(GATEWAY_CONFIG)).toBe(
        `{${OTHERS},${JSON.stringify({ ...COPY, risk_reject_threshold: 57 }).slice(1)}`,
      )
      expect(await operations.api.exists(GATEWAY_CONFIG)).toBe(0)
      expect(await caches()).toBe(0)
      expect(await settings.cached("gateway.other")).toBe(cacheOf("x"))
      expect(await deck.run(showGateway, {})).toMatchObject({ ...answer, sources: { rate_limit_capacity: "copy" } })
    })

    test("of every field writes each as the platform reads it, with what it was before", async () => {
      await settings.setRows("gateway.", {})
      await settings.setCopy(undefined)
      const deck = await operations.deck()
      const input = {
        ip_mode: "cdn",
        trusted_cidrs: ["10.1.2.3/8", "2001:DB8::/32"],
        risk_reject_threshold: "1",
        rate_limit_capacity: "1200",
        rate_limit_per_minute: "90.5",
      }
      await deck.change(setGateway, input)
      expect(await settings.rows("gateway.")).toEqual({
        "gateway.ip_mode": "cloudflare",
        "gateway.trusted_cidrs": '["10.1.2.3/8","2001:db8::/32"]',
        "gateway.risk_reject_threshold": "100",
        "gateway.ratelimit_capacity": "1200",
        "gateway.ratelimit_rate_per_minute": "90.5",
      })
      expect(await settings.copy()).toEqual({
        ip_mode: "cloudflare",
        trusted_cidrs: ["10.1.2.3/8", "2001:db8::/32"],
        risk_reject_threshold: 100,
        rate_limit_capacity: 1200,
        rate_limit_per_minute: 90.5,
      })
      expect(await settings.audit(ACTION)).toMatchObject([
        {
          before_state_json: { ip_mode: null, trusted_cidrs: null, risk_reject_threshold: null },
          after_state_json: {
            ip_mode: "cdn",
            trusted_cidrs: ["10.1.2.3/8", "2001:db8::/32"],
            risk_reject_threshold: 1,
          },
        },
      ])
    })

    test("writes the rows there are to a copy that was missing, broken, or held what the gateway refuses", async () => {
      const deck = await operations.deck()
      const broken = [undefined, "", "{", "[1]", "null", `{"risk_reject_threshold":"80","trusted_cidrs":{}}`]
      for (const [i, text] of [...broken, '{"rate_limit_capacity":"9","ip_mode":7}'].entries()) {
        await settings.setCopy(text)
        await deck.change(setGateway, { risk_reject_threshold: i / 100 })
        expect(await settings.copy()).toEqual({ ...COPY, risk_reject_threshold: i })
      }
    })

    test("of one setting leaves the others to the gateway's environment: neither a row nor a member is made for them", async () => {
      for (const copy of [undefined, "{}", '{"x":1}']) {
        await settings.setRows("gateway.", {})
        await settings.setCopy(copy)
        const deck = await operations.deck()
        await deck.change(setGateway, { trusted_cidrs: ["10.0.0.0/8"] })
        expect(await settings.rows("gateway.")).toEqual({ "gateway.trusted_cidrs": '["10.0.0.0/8"]' })
        expect(await settings.copy()).toEqual({ ...JSON.parse(copy ?? "{}"), trusted_cidrs: ["10.0.0.0/8"] })
        expect(await deck.run(showGateway, {})).toMatchObject({ in_sync: true })
      }
    })

    test("to what the platform does by itself is written too: the environment may say something else", async () => {
      await settings.setRows("gateway.", {})
      await settings.setCopy(undefined)
      await (await operations.deck()).change(setGateway, { risk_reject_threshold: 0, rate_limit_capacity: 600 })
      expect(await settings.copy()).toEqual({ risk_reject_threshold: 0, rate_limit_capacity: 600 })
    })

    test("leaves what the copy says without a row, since nobody asked for it to go", async () => {
      await settings.setRows("gateway.", {})
      await (await operations.deck()).change(setGateway, { ip_mode: "direct" })
      expect(await settings.copy()).toMatchObject({ ...COPY, ip_mode: "direct", ...RATES })
    })

    describe("that follows the environment again", () => {
      const inherit = ["ip_mode", "rate_limit_capacity"]

      test("takes away the row and the member of the copy, with what they were in the audit row", async () => {
        const deck = await operations.deck()
        const { answer, steps } = await deck.change(setGateway, { inherit, risk_reject_threshold: 0.5 })
        expect(answer).toMatchObject({ ip_mode: "direct", risk_reject_threshold: 0.5, rate_limit_capacity: 600 })
        expect(steps.map(({ what }) => what).slice(0, 3)).toEqual(["reject at risk", "mode", "burst"])
        expect(Object.keys(await settings.rows("gateway."))).toEqual([
          "gateway.risk_reject_threshold",
          "gateway.trusted_cidrs",
        ])
        const { ip_mode: _, ...others } = COPY
        expect(await settings.copy()).toMatchObject({ ...others, risk_reject_threshold: 50, list: [] })
        expect(await settings.copy()).not.toHaveProperty("ip_mode")
        expect(await settings.copy()).not.toHaveProperty("rate_limit_capacity")
        expect(await settings.audit(ACTION)).toMatchObject([
          {
            metadata_json: { inherited: { ip_mode: "proxy", rate_limit_capacity: 1234.5 } },
            before_state_json: { risk_reject_threshold: 0.8, ip_mode: "proxy" },
            after_state_json: { risk_reject_threshold: 0.5, ip_mode: null, rate_limit_capacity: null },
          },
        ])
        expect((await deck.change(setGateway, { inherit })).steps).toEqual([])
      })

      test("is owed while Redis is down, and paid by repair; a member that somebody writes later stays", async () => {
        const blind = await cutOff()
        await blind.change(setGateway, { inherit: ["ip_mode"] })
        expect(await settings.copy()).toMatchObject({ ip_mode: "trusted_proxy" })
        const deck = await operations.deck()
        expect((await deck.change(repair, {})).steps).toContainEqual({ what: "gateway's copy (Redis)" })
        expect(await settings.copy()).not.toHaveProperty("ip_mode")
        await settings.setCopy(JSON.stringify({ ...COPY, ip_mode: "direct" }))
        expect((await deck.change(repair, {})).steps).toEqual([])
        expect(await settings.copy()).toMatchObject({ ip_mode: "direct" })
      })

      test.each([
        [{ inherit: ["mode"] }, "inherit"],
        [{ inherit: [] }, "inherit"],
        [{ inherit: ["ip_mode"], ip_mode: "cdn" }, "inherit"],
        [{ rate_limit_capacity: 0 }, "rate_limit_capacity"],
        [{ rate_limit_per_minute: "-1" }, "rate_limit_per_minute"],
      ])("or a rate is refused for %j, naming the field", async (input, field) => {
        const deck = await operations.deck()
        await expect(deck.change(setGateway, input)).rejects.toMatchObject({ code: "invalid", field })
      })
    })

    describe("where neither the access log nor the copy is", () => {
      const input = { risk_reject_threshold: 0.3 }
      beforeEach(() => operations.gateway.del(ACCESS_LOG, GATEWAY_CONFIG))

      test("is refused before anything is written, and repair writes nothing either", async () => {
        const deck = await operations.deck()
        await expect(deck.change(setGateway, input)).rejects.toMatchObject({
          code: "conflict",
          message: expect.stringMatching(/holds neither the access log nor the gateway's copy/),
        })
        await expect(deck.change(repairGateway, {})).rejects.toMatchObject({ code: "conflict" })
        expect(await settings.rows("gateway.")).toMatchObject({ "gateway.risk_reject_threshold": "80" })
        await (await cutOff()).change(setGateway, input)
        expect((await deck.change(repair, {})).steps).toContainEqual({
          what: "gateway's copy (Redis)",
          owed: expect.stringMatching(/holds neither/),
        })
        expect(await settings.copy()).toBeNull()
      })

      test("goes through where it is the first write, by option or typed", async () => {
        const deck = await operations.deck()
        await deck.change(setGateway, { ...input, first_write: true })
        expect(await settings.copy()).toMatchObject({ risk_reject_threshold: 30 })
        await operations.gateway.del(GATEWAY_CONFIG)
        await deck.change(setGateway, { ip_mode: "cdn" }, { seen: { confirmed: "first write" } })
        expect(await settings.copy()).toMatchObject({ ip_mode: "cloudflare" })
      })
    })

    test("that changes nothing writes nothing", async () => {
      await settings.setCopy(JSON.stringify({ ...COPY, risk_reject_threshold: 1 }))
      const deck = await operations.deck()
      const { answer, steps } = await deck.change(setGateway, { ip_mode: "proxy", trusted_cidrs: ["10.0.0.0/8"] })
      expect({ mode: answer.ip_mode, steps }).toEqual({ mode: "proxy", steps: [] })
      expect(await settings.rows("gateway.")).toMatchObject({ "gateway.trusted_cidrs": "10.0.0.0/8" })
      expect(await settings.copy()).toEqual({ ...COPY, risk_reject_threshold: 1 })
      expect(await settings.audit(ACTION)).toEqual([])
      expect(await caches()).toBe(3)
    })

    test("mends a row that means nothing, also to what it passed for", async () => {
      await settings.setRows("gateway.", { ...ROWS, ip_mode: "magic" })
      const deck = await operations.deck()
      await deck.change(setGateway, { ip_mode: "direct" })
      expect(await settings.rows("gateway.")).toMatchObject({ "gateway.ip_mode": "direct" })
      expect(await settings.audit(ACTION)).toMatchObject([
        { before_state_json: { ip_mode: "magic" }, after_state_json: { ip_mode: "direct" } },
      ])
    })

    test("beside a row that means nothing leaves the gateway what it has", async () => {
      await settings.setRows("gateway.", { ...ROWS, ip_mode: "magic" })
      await (await operations.deck()).change(setGateway, { risk_reject_threshold: 0.5 })
      expect(await settings.copy()).toMatchObject({ ip_mode: "trusted_proxy", risk_reject_threshold: 50 })
    })

    test.each([
      [{}, undefined],
      [{ ip_mode: "trusted_proxy" }, "ip_mode"],
      [{ trusted_cidrs: ["10.0.0.0/8", "10.0.0.1"] }, "trusted_cidrs"],
      [{ risk_reject_threshold: 70 }, "risk_reject_threshold"],
      [{ risk_reject_threshold: "" }, "risk_reject_threshold"],
    ])("is refused for %j, naming the field", async (input, field) => {
      const deck = await operations.deck()
      await expect(deck.change(setGateway, input)).rejects.toMatchObject({ code: "invalid", field })
      await expect(deck.preview(setGateway, input)).rejects.toMatchObject({ code: "invalid", field })
      expect(await settings.audit(ACTION)).toEqual([])
    })
  })
})
