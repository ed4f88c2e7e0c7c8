import { describe, expect, test } from "vitest"
import { setGateway, showGateway } from "../../src/services/gateway/gateway.ts"
import { ACTION, gatewayOn, RATES, ROW_SOURCES } from "../support/gateway-settings.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { until } from "../support/waiting.ts"

eachGeneration(database => {
  const { operations, settings } = gatewayOn(database)

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
})
