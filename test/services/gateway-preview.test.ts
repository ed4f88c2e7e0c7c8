import { describe, expect, test, vi } from "vitest"
import { ACCESS_LOG, GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { setGateway } from "../../src/services/gateway/gateway.ts"
import { COPY, syncedGatewayOn } from "../support/gateway-settings.ts"
import { eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const { operations, settings } = syncedGatewayOn(database)
  const preview = async (input: object) => (await operations.deck()).preview(setGateway, input)

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
