import { describe, expect, test } from "vitest"
import { GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { cacheOf } from "../../src/adapters/redis/setting-cache.ts"
import { inspectGateway, repairGateway, setGateway, showGateway } from "../../src/services/gateway/gateway.ts"
import { repair } from "../../src/services/repair.ts"
import { ACTION, COPY, gatewayOn, OTHERS, REDIS, ROWS, SHORT_TRACE } from "../support/gateway-settings.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const { operations, settings, caches, cutOff } = gatewayOn(database)

  describe("while Redis is down", () => {
    test("a change stands, is told as owed, and is put right by repair", async () => {
      const blind = await cutOff()
      const { answer, steps } = await blind.change(setGateway, { risk_reject_threshold: 0.3 })
      expect(answer.risk_reject_threshold).toBe(0.3)
      expect(steps).toEqual([
        { what: "reject at risk" },
        ...REDIS.map(({ what }) => ({ what, owed: expect.stringMatching(/cannot be reached/) })),
        SHORT_TRACE,
      ])
      expect((await blind.change(repair, {})).answer.data).toEqual([
        { what: "gateway's copy (Redis)", owed: expect.stringMatching(/cannot be reached/) },
        { what: "API's cache (Redis)", owed: expect.stringMatching(/cannot be reached/) },
      ])
      const deck = await operations.deck()
      expect(await deck.run(inspectGateway, {})).toMatchObject({
        copies: [{ drift: ["risk_reject_threshold", "rate_limit_capacity", "rate_limit_per_minute"] }],
      })
      expect((await deck.change(repair, {})).steps).toEqual([
        { what: "gateway's copy (Redis)" },
        { what: "API's cache of gateway.risk_reject_threshold (Redis)" },
      ])
      expect(await deck.run(showGateway, {})).toMatchObject({ risk_reject_threshold: 0.3 })
      expect(await settings.copy()).toMatchObject({ risk_reject_threshold: 30, rate_limit_per_minute: 99 })
      expect(await caches()).toBe(2)
      expect((await deck.change(repair, {})).steps).toEqual([])
    })

    test("the preview says that it will not be in force", async () => {
      const { effects } = await (await cutOff()).preview(setGateway, { risk_reject_threshold: 0.3 })
      expect(effects.at(-1)).toMatch(
        /^saved, but not in force until the gateway's copy can be written: .* cannot be reached/,
      )
    })
  })

  test("a copy nested too deep to be rewritten whole is left as it is, and told in words", async () => {
    const deep = `{"x":${"[".repeat(600)}${"]".repeat(600)},"risk_reject_threshold":80}`
    await settings.setCopy(deep)
    const deck = await operations.deck()
    expect((await deck.run(inspectGateway, {})).copies[0]?.trouble).toMatch(/nested/)
    const { steps } = await deck.change(setGateway, { risk_reject_threshold: 0.9 })
    expect(steps.find(({ what }) => /copy/.test(what))).toMatchObject({ owed: expect.stringMatching(/by hand/) })
    expect(await operations.gateway.get(GATEWAY_CONFIG)).toBe(deep)
  })

  test("a key of another kind is told in words, and nothing of it is lost", async () => {
    const deck = await operations.deck()
    await operations.gateway.del(GATEWAY_CONFIG)
    await operations.gateway.lpush(GATEWAY_CONFIG, "x")
    const { steps } = await deck.change(setGateway, { risk_reject_threshold: 0.3 })
    const owed = expect.stringMatching(/check the key and the database number/)
    expect(steps).toContainEqual({ what: "gateway's copy (Redis)", owed })
    expect((await deck.change(repair, {})).steps).toEqual([{ what: "gateway's copy (Redis)", owed, unseen: true }])
    expect(await operations.gateway.lrange(GATEWAY_CONFIG, 0, -1)).toEqual(["x"])
  })

  describe("what differs", () => {
    test("is owed only where opsdeck changed that setting, in the last 30 days", async () => {
      const deck = await operations.deck()
      await deck.change(setGateway, { risk_reject_threshold: 0.3 })
      await settings.setCached("gateway.ip_mode", cacheOf("direct"))
      await settings.setCopy(JSON.stringify({ ...COPY, ip_mode: "direct", risk_reject_threshold: 30 }))
      expect((await deck.change(repair, {})).steps).toEqual([])
      await settings.setCopy(JSON.stringify({ ...COPY, risk_reject_threshold: 31 }))
      await settings.setCached("gateway.risk_reject_threshold", "garbage")
      expect((await deck.change(repair, {})).steps).toHaveLength(2)
      await settings.setCopy(undefined)
      await asSuperuser(
        `update audit_logs set ts = now() - interval '31 days' where action = '${ACTION}'`,
        database.url,
      )
      expect((await deck.change(repair, {})).steps).toEqual([])
    })

    test("is put right by its own key, whoever made it differ, and leaves a trace", async () => {
      const deck = await operations.deck()
      await settings.setCopy(`{${OTHERS},"ip_mode":"direct","risk_reject_threshold":80,"trusted_cidrs":["10.0.0.0/8"]}`)
      expect((await deck.change(repair, {})).steps).toEqual([])
      expect(await deck.preview(repairGateway, {})).toMatchObject({
        effects: [
          "mode: the gateway's copy changes from direct to proxy, as in the database",
          expect.stringMatching(/^burst: .* it stays/),
          expect.stringMatching(/^rate per minute: .* it stays/),
        ],
        needsConfirmation: true,
      })
      const { steps } = await deck.change(repairGateway, { reason: "drift" })
      expect(steps).toEqual([...REDIS, SHORT_TRACE])
      expect(await deck.run(showGateway, {})).toMatchObject({ ip_mode: "proxy" })
      expect(await settings.copy()).toMatchObject({ rate_limit_capacity: 1234.5 })
      expect(await settings.audit(ACTION)).toMatchObject([
        {
          metadata_json: { repaired: "the gateway's copy", reason: "drift" },
          before_state_json: { ip_mode: "direct" },
          after_state_json: { ip_mode: "proxy" },
        },
      ])
      expect((await deck.change(repairGateway, {})).steps).toEqual([])
      expect(await settings.audit(ACTION)).toHaveLength(1)
    })

    test("because nobody can read the row is not the copy's fault: a repair leaves it, and no trace", async () => {
      await settings.setRows("gateway.", { ...ROWS, ip_mode: "magic" })
      const deck = await operations.deck()
      const before = await operations.gateway.get(GATEWAY_CONFIG)
      expect(await deck.preview(repairGateway, {})).toMatchObject({ unchanged: true, needsConfirmation: false })
      expect((await deck.change(repairGateway, {})).steps).toEqual([])
      expect(await operations.gateway.get(GATEWAY_CONFIG)).toBe(before)
      expect(await settings.audit(ACTION)).toEqual([])
    })

    test("in what cannot be read is put right, and the trace says nothing that was not there", async () => {
      await settings.setCopy(JSON.stringify({ ...COPY, ip_mode: "magic", risk_reject_threshold: 75 }))
      const deck = await operations.deck()
      await deck.change(repairGateway, {})
      expect(await settings.copy()).toEqual(COPY)
      expect(await settings.audit(ACTION)).toMatchObject([
        {
          before_state_json: { risk_reject_threshold: 0.75 },
          after_state_json: { ip_mode: "proxy", risk_reject_threshold: 0.8 },
        },
      ])
      expect((await settings.audit(ACTION))[0]?.before_state_json).not.toHaveProperty("ip_mode")
    })
  })
})
