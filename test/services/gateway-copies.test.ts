import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { inspectGateway, repairGateway, setGateway, showGateway } from "../../src/services/gateway/gateway.ts"
import { simulateThreshold } from "../../src/services/gateway/threshold.ts"
import { repair } from "../../src/services/repair.ts"
import { ACTION, COPY } from "../support/gateway-settings.ts"
import { eachGeneration } from "../support/postgres.ts"
import { severalGatewaysOn } from "../support/several-gateways.ts"
import { until } from "../support/waiting.ts"

const SHARED = "gateway's copy of eu, de (Redis)"
const US = "gateway's copy of us (Redis)"
const AWAY = expect.stringMatching(/cannot be reached/)

eachGeneration(database => {
  const gateways = severalGatewaysOn(database)
  const { settings } = gateways
  const show = async () => (await gateways.deck()).run(showGateway, {})
  const state = (gateway: string, drift: readonly string[] = [], reachable = true) => ({
    gateway,
    in_sync: reachable && drift.length === 0,
    drift,
    reachable,
  })

  test("a setting is saved once and written to each copy, once where gateways share it", async () => {
    const deck = await gateways.deck()
    const { steps } = await deck.change(setGateway, { risk_reject_threshold: 0.57 })
    expect(steps.map(({ what }) => what)).toEqual([
      "reject at risk",
      SHARED,
      US,
      "API's cache (Redis)",
      expect.stringMatching(/^audit/),
    ])
    expect(steps.filter(({ owed }) => owed !== undefined)).toEqual([])
    const copy = { ...COPY, risk_reject_threshold: 57 }
    expect(await gateways.copies()).toEqual({ eu: copy, us: copy })
    expect(await settings.audit(ACTION)).toHaveLength(1)
    expect(await show()).toMatchObject({ in_sync: true, copies: [state("eu"), state("de"), state("us")] })
  })

  describe("one that is out of reach", () => {
    test("is owed by its name, while the others have it; repair writes what is missing, there alone", async () => {
      const deck = await gateways.deck()
      await gateways.kill()
      const { effects } = await deck.preview(setGateway, { risk_reject_threshold: 0.3 })
      expect(effects.at(-1)).toMatch(/not in force until the gateway's copy of us can be written: .*cannot be reached/)
      const { answer, steps } = await deck.change(setGateway, { risk_reject_threshold: 0.3 })
      expect(answer.risk_reject_threshold).toBe(0.3)
      expect(steps).toContainEqual({ what: SHARED })
      expect(steps.filter(({ owed }) => owed !== undefined)).toEqual([{ what: US, owed: AWAY }])
      expect(await show()).toMatchObject({
        risk_reject_threshold: 0.3,
        in_sync: false,
        copies: [state("eu"), state("de"), state("us", [], false)],
      })
      expect((await deck.change(repair, {})).answer.data).toEqual([{ what: US, owed: AWAY }])

      await gateways.restart()
      expect(await show()).toMatchObject({ in_sync: false, copies: [{}, {}, state("us", ["risk_reject_threshold"])] })
      expect((await deck.change(repair, {})).steps).toEqual([{ what: US }])
      expect((await gateways.copies()).us).toMatchObject({ risk_reject_threshold: 30 })
      expect(await show()).toMatchObject({ in_sync: true })
      expect((await deck.change(repair, {})).steps).toEqual([])
    })

    test("is asked again by the same change, which is all that it writes then", async () => {
      const deck = await gateways.deck()
      await gateways.kill()
      await deck.change(setGateway, { risk_reject_threshold: 0.3 })
      await gateways.restart()
      expect((await deck.change(setGateway, { risk_reject_threshold: 0.3 })).steps).toEqual([{ what: US }])
    })

    test("holds up no repair of the others, and is told", async () => {
      const deck = await gateways.deck()
      await gateways.setCopy({ eu: { ...COPY, ip_mode: "direct" } })
      await gateways.kill()
      expect(await deck.preview(repairGateway, {})).toMatchObject({
        effects: [
          "mode: the gateway's copy of eu, de changes from direct to proxy, as in the database",
          expect.stringMatching(/^the gateway's copy of us is not known, and left: /),
        ],
      })
      const { steps } = await deck.change(repairGateway, {})
      expect(steps).toContainEqual({ what: SHARED })
      expect(steps).toContainEqual({ what: US, owed: AWAY, unseen: true })
    })
  })

  test("where none can be reached, what PostgreSQL says is shown all the same", async () => {
    const { operations } = gateways
    const away = { url: "redis://127.0.0.1:1" }
    const redis = openRedis({ api: away, gateways: [{ name: "eu", redis: away }] })
    expect(await (await operations.deck(undefined, redis)).run(showGateway, {})).toMatchObject({
      risk_reject_threshold: 0.8,
      in_sync: false,
      copies: [state("eu", [], false)],
    })
    redis.close()
  })

  describe("what differs in one", () => {
    test("is its drift alone, and put right there, with a trace that names it", async () => {
      const deck = await gateways.deck()
      await gateways.setCopy({ us: { ...COPY, risk_reject_threshold: 75, rate_limit_capacity: 9 } })
      expect(await show()).toMatchObject({
        sources: { risk_reject_threshold: "row", rate_limit_capacity: "copy" },
        rate_limit_capacity: 9,
        in_sync: false,
        copies: [state("eu"), state("de"), state("us", ["risk_reject_threshold", "rate_limit_capacity"])],
      })
      expect((await deck.run(inspectGateway, {})).copies).toMatchObject([
        { gateways: ["eu", "de"], drift: [], repairable: false },
        { gateways: ["us"], copy: { risk_reject_threshold: 0.75 }, repairable: true },
      ])
      const { steps } = await deck.change(repairGateway, {})
      expect(steps.map(({ what }) => what)).toEqual([US, "API's cache (Redis)", expect.stringMatching(/^audit/)])
      expect((await gateways.copies()).us).toEqual({ ...COPY, rate_limit_capacity: 9 })
      expect(await settings.audit(ACTION)).toMatchObject([
        {
          metadata_json: { repaired: "the gateway's copy of us" },
          before_state_json: { risk_reject_threshold: 0.75 },
          after_state_json: { risk_reject_threshold: 0.8 },
        },
      ])
    })

    test("is said once in a preview where it is so in several", async () => {
      const deck = await gateways.deck()
      const direct = { ...COPY, ip_mode: "direct" }
      await gateways.setCopy({ eu: direct, us: { ...direct, risk_reject_threshold: 75 } })
      expect(await deck.preview(repairGateway, {})).toMatchObject({
        effects: [
          "mode: the gateway's copy of eu, de, us changes from direct to proxy, as in the database",
          "reject at risk: the gateway's copy of us changes from 0.75 to 0.80, as in the database",
        ],
      })
    })
  })

  test("a setting that is taken back goes from each; later from one that was away, unless somebody set it since", async () => {
    const deck = await gateways.deck()
    const held = { ...COPY, risk_reject_threshold: 75 }
    await gateways.setCopy({ us: held })
    const { effects } = await deck.preview(setGateway, { inherit: ["risk_reject_threshold"] })
    expect(effects[0]).toMatch(
      /taken from the row \(0\.80\) and the gateway's copy of eu, de \(0\.80\) and the gateway's copy of us \(0\.75\)/,
    )
    await deck.change(setGateway, { inherit: ["risk_reject_threshold"] })
    const { risk_reject_threshold: _, ...without } = COPY
    expect(await gateways.copies()).toEqual({ eu: without, us: without })

    // As if it had not been written there, and then as if somebody had written another one.
    await gateways.setCopy({ us: held })
    expect((await deck.change(repair, {})).steps).toEqual([{ what: US }])
    expect((await gateways.copies()).us).toEqual(without)
    await gateways.setCopy({ us: { ...COPY, risk_reject_threshold: 60 } })
    expect((await deck.change(repair, {})).steps).toEqual([])
  })

  test("a database without anything of its gateway's stops a change, by name, before anything is saved", async () => {
    const deck = await gateways.deck()
    await gateways.us.flushdb()
    const set = { risk_reject_threshold: 0.3 }
    const problem = /^Redis \S+ of us holds neither the access log nor .*check the redisUrl of us/
    expect(await deck.preview(setGateway, set)).toMatchObject({ typed: "first write" })
    await expect(deck.change(setGateway, set)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(problem),
    })
    expect((await gateways.copies()).eu).toEqual(COPY)
    await deck.change(setGateway, { ...set, first_write: true })
    expect((await gateways.copies()).us).toMatchObject({ risk_reject_threshold: 30 })
  })

  test("whom a threshold would hit is counted of those that answer, and the others are named", async () => {
    const deck = await gateways.deck()
    await gateways.eu.xadd(ACCESS_LOG, "*", "path", "/", "risk_score", "90")
    await gateways.kill()
    const hits = await deck.run(simulateThreshold, { threshold: 0.8 })
    expect(hits).toMatchObject({ requests: 2, rejected: 1, unread: ["us"] })
  })

  test("a Redis that may be another platform's is told by the name of its gateway", async () => {
    for (let count = 0; count < 2; count++) await gateways.us.xadd(ACCESS_LOG, "*", "user_id", randomUUID())
    const { effects } = await (await gateways.deck()).preview(setGateway, { risk_reject_threshold: 0.3 })
    expect(effects.filter(effect => effect.includes("another platform"))).toEqual([
      expect.stringMatching(/^the Redis of us names 2 users, none of which .* check the redisUrl of us$/),
    ])
  })

  test("a read-only replica among them is told by its name, and owed what is written there", async () => {
    const { port } = gateways.operations.server
    await gateways.us.replicaof("127.0.0.1", port)
    await until(async () => (await gateways.us.info("replication")).includes("master_link_status:up"))
    const deck = await gateways.deck()
    const { effects } = await deck.preview(setGateway, { risk_reject_threshold: 0.3 })
    expect(effects[0]).toMatch(
      new RegExp(`read-only replica: .* its primary, 127.0.0.1:${port}, in the redisUrl of us$`),
    )
    const { steps } = await deck.change(setGateway, { risk_reject_threshold: 0.3 })
    expect(steps.filter(({ owed }) => owed !== undefined).map(({ what }) => what)).toEqual([US])
    await gateways.us.replicaof("NO", "ONE")
  })
})
