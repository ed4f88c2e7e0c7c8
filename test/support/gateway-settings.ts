import { afterEach, beforeEach, expect, vi } from "vitest"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG, settingCacheKey } from "../../src/adapters/redis/keys.ts"
import { cacheOf } from "../../src/adapters/redis/setting-cache.ts"
import { operationsOn } from "./operators.ts"
import type { TestDatabase } from "./postgres.ts"
import { settingsOn } from "./settings.ts"
import { startTcpProxy } from "./tcp-proxy.ts"

export const ROWS = { ip_mode: "trusted_proxy", trusted_cidrs: "10.0.0.0/8", risk_reject_threshold: "80" }
/** The same rows as opsdeck writes them. */
export const JSON_ROWS = { ...ROWS, trusted_cidrs: '["10.0.0.0/8"]' }
export const COPY = { ip_mode: "trusted_proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 80 }
export const OTHERS = '"rate_limit_capacity":1234.50,"rate_limit_per_minute":99,"big":12345678901234567890,"list":[]'
export const RATES = { rate_limit_capacity: 1234.5, rate_limit_per_minute: 99 }
export const ACTION = "gateway.config_update"
const SETTINGS = ["gateway.ip_mode", "gateway.trusted_cidrs", "gateway.risk_reject_threshold"]
export const REDIS = [{ what: "gateway's copy (Redis)" }, { what: "API's cache (Redis)" }]
export const ROW_SOURCES = { ip_mode: "row", trusted_cidrs: "row", risk_reject_threshold: "row" }
export const SHORT_TRACE = { what: expect.stringMatching(/^audit /) }

/** A platform whose gateway has the rows that opsdeck writes and a copy that says the same before each test. */
export function syncedGatewayOn(database: TestDatabase) {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)

  beforeEach(async () => {
    await settings.setRows("gateway.", JSON_ROWS)
    await settings.setCopy(JSON.stringify(COPY))
    await operations.gateway.xadd(ACCESS_LOG, "MAXLEN", 1, "*", "path", "/")
  })
  afterEach(() => vi.unstubAllEnvs())

  return { operations, settings }
}

/** A platform whose gateway has these rows, this copy and cached values before each test. */
export function gatewayOn(database: TestDatabase) {
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
    return operations.deck(undefined, openRedis({ api: { url }, gateways: oneGateway({ url }) }))
  }

  return { operations, settings, caches, cutOff }
}
