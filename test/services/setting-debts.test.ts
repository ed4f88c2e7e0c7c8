import { expect, test } from "vitest"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { cacheOf } from "../../src/adapters/redis/setting-cache.ts"
import { setEmail } from "../../src/services/email/email.ts"
import { repair } from "../../src/services/repair.ts"
import { operationsOn } from "../support/operators.ts"
import { eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"

const AWAY = { url: "redis://127.0.0.1:1" }

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)

  test("the API's cache of an e-mail setting, the password as well, is owed while it says something else", async () => {
    await settings.setRows("email.", { smtp_host: "old.example", smtp_pass: "old" })
    for (const setting of ["smtp_host", "smtp_pass", "from"])
      await settings.setCached(`email.${setting}`, cacheOf("old"))
    const redis = openRedis({ api: AWAY, gateways: oneGateway(AWAY) })
    const blind = await operations.deck(undefined, redis)
    await blind.change(setEmail, { smtp_host: "new.example", smtp_pass: "new" })
    redis.close()
    const deck = await operations.deck()
    expect((await deck.change(repair, {})).answer.data).toEqual([
      { what: "API's cache of email.smtp_host (Redis)", owed: null },
      { what: "API's cache of email.smtp_pass (Redis)", owed: null },
    ])
    expect(await settings.cached("email.smtp_host")).toBeNull()
    expect(await settings.cached("email.from")).toBe(cacheOf("old"))
    await settings.setCached("email.smtp_host", cacheOf("new.example"))
    expect((await deck.change(repair, {})).answer.data).toEqual([])
  })

  test("a cache that says that there is no such row is right while there is none", async () => {
    const deck = await operations.deck()
    await settings.setRows("email.", {})
    await settings.setCached("email.smtp_host", cacheOf(undefined))
    expect((await deck.change(repair, {})).answer.data).toEqual([])
    await settings.setRows("email.", { smtp_host: "" })
    expect((await deck.change(repair, {})).steps).toHaveLength(1)
    await settings.setCached("email.smtp_host", '{"found":true}')
    expect((await deck.change(repair, {})).steps).toEqual([])
  })
})
