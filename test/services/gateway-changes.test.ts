import { beforeEach, describe, expect, test } from "vitest"
import { openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG, GATEWAY_CONFIG, settingCacheKey } from "../../src/adapters/redis/keys.ts"
import { cacheOf } from "../../src/adapters/redis/setting-cache.ts"
import { inspectGateway, repairGateway, setGateway, showGateway } from "../../src/services/gateway/gateway.ts"
import { repair } from "../../src/services/repair.ts"
import { operationsOn } from "../support/operators.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"

const ROWS = { ip_mode: "trusted_proxy", trusted_cidrs: "10.0.0.0/8", risk_reject_threshold: "80" }
const COPY = { ip_mode: "trusted_proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 80 }
const OTHERS = '"rate_limit_capacity":1234.50,"rate_limit_per_minute":99,"big":12345678901234567890,"list":[]'
const RATES = { rate_limit_capacity: 1234.5, rate_limit_per_minute: 99 }
const ACTION = "gateway.config_update"
const SETTINGS = ["gateway.ip_mode", "gateway.trusted_cidrs", "gateway.risk_reject_threshold"]
const REDIS = [{ what: "gateway's copy (Redis)" }, { what: "API's cache (Redis)" }]
const ROW_SOURCES = { ip_mode: "row", trusted_cidrs: "row", risk_reject_threshold: "row" }
const SHORT_TRACE = { what: expect.stringMatching(/^audit /) }

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const caches = () => operations.api.exists(...SETTINGS.map(settingCacheKey))

  beforeEach(async () => {
    await settings.setRows("gateway.", ROWS)
    await settings.setCopy(`{${OTHERS},${JSON.stringify(COPY).slice(1)}`)
    await settings.forgetAudit(ACTION)
    await operations.gateway.xadd(ACCESS_LOG, "MAXLEN", 1, "*", "path", "/")
    for (const [field, value] of Object.entries(ROWS)) await settings.setCached(`gateway.${field}`, cacheOf(value))
    await settings.setCached("gateway.other", cacheOf("x"))
  })

  /** A deck whose Redis is gone. */
  async function cutOff() {
    const proxy = await startTcpProxy(operations.server.port)
    const url = `redis://127.0.0.1:${proxy.port}`
    await proxy.close()
    return operations.deck(undefined, openRedis({ api: { url }, gateway: { url } }))
  }

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

  describe("two operators", () => {
    test("end in a conflict that shows both values, also where there was no row", async () => {
      const [one, two] = [await operations.deck(), await operations.deck()]
      await settings.setRows("gateway.", {})
      const seen = { ip_mode: null, trusted_cidrs: null, risk_reject_threshold: null }
      const results = await Promise.allSettled([
        one.change(setGateway, { risk_reject_threshold: 0.4 }, { seen }),
        two.change(setGateway, { risk_reject_threshold: 0.6 }, { seen }),
      ])
      const refused = results.flatMap(result => (result.status === "rejected" ? [result.reason] : []))
      const saved = results.flatMap(result => (result.status === "fulfilled" ? [result.value.answer] : []))
      const theirs = saved[0]?.risk_reject_threshold
      expect(saved).toHaveLength(1)
      expect(refused).toMatchObject([
        {
          code: "conflict",
          conflicts: [{ field: "risk_reject_threshold", was: null, theirs, yours: theirs === 0.4 ? 0.6 : 0.4 }],
        },
      ])
      expect(await settings.copy()).toMatchObject({ risk_reject_threshold: Number(theirs) * 100 })
      expect(await settings.audit(ACTION)).toHaveLength(1)
    })

    test("and the platform itself: a row that it adds meanwhile is not overwritten unseen", async () => {
      const deck = await operations.deck()
      await settings.setRows("gateway.", {})
      const seen = { risk_reject_threshold: null }
      const { refused } = await database.postgres.transaction(async tx => {
        const row = { key: "gateway.risk_reject_threshold", value: "90" }
        await tx.insertInto("platform_settings").values(row).execute()
        const refused = deck.change(setGateway, { risk_reject_threshold: 0.4 }, { seen }).catch(error => error)
        const waiting = "datname = current_database() and wait_event_type = 'Lock'"
        const blocked = () => asSuperuser(`select from pg_stat_activity where ${waiting}`, database.url)
        await until(async () => (await blocked()).length > 0)
        return { refused }
      })
      expect(await refused).toMatchObject({ code: "conflict", conflicts: [{ was: null, theirs: 0.9, yours: 0.4 }] })
    })

    test("who change different fields both have their way, in the copy as well", async () => {
      const seen = { ip_mode: "proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 0.8 }
      const decks = await Promise.all([operations.deck(), operations.deck(), operations.deck()])
      const inputs = [{ ip_mode: "cdn" }, { trusted_cidrs: [] }, { risk_reject_threshold: 0.1 }]
      await Promise.all(decks.map((deck, i) => deck.change(setGateway, inputs[i], { seen })))
      expect(await decks[0]?.run(showGateway, {})).toEqual({
        ip_mode: "cdn",
        trusted_cidrs: [],
        risk_reject_threshold: 0.1,
        ...RATES,
        sources: { ...ROW_SOURCES, rate_limit_capacity: "copy", rate_limit_per_minute: "copy" },
        in_sync: false,
      })
      expect(await settings.copy()).toMatchObject({ rate_limit_per_minute: 99 })
    })
  })

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
        drift: ["risk_reject_threshold", "rate_limit_capacity", "rate_limit_per_minute"],
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
    expect((await deck.run(inspectGateway, {})).trouble).toMatch(/nested/)
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
