import { sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { oneGateway } from "../../src/adapters/redis/connections.ts"
import { Deck } from "../../src/services/deck.ts"
import type { Feed } from "../../src/services/operation.ts"
import { openPlatform, type Platform } from "../../src/services/platform.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { allOperations } from "../support/all-operations.ts"
import { addAdministrator, addApiKey } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

const WHY = "nothing was changed: this is a test"
const operations = [...(await allOperations())]
/** No feed but these changes anything; which another one does is to be said here as well as in its declaration. */
const READING_FEEDS = ["feed log", "feed runs events", "feed watch"]

describe("where nothing may be changed", () => {
  const environment = { name: "PROD-EU", readOnly: WHY }
  const deck = new Deck({ postgres: null as never, redis: null as never, environment }, null as never)

  test.each(operations.flatMap(([name, one]) => (one.kind === "change" ? [[name, one] as const] : [])))(
    "%s is refused before anything else",
    async (_, change) => {
      await expect(deck.change(change, {})).rejects.toMatchObject({ code: "read_only", message: WHY, exitStatus: 5 })
    },
  )

  test("so is every feed that does more than read", async () => {
    const feeds = operations.filter(([name, one]) => one.kind === "feed" && !READING_FEEDS.includes(name))
    expect(feeds.map(([name]) => name)).toEqual(["feed email watch"])
    for (const [, feed] of feeds) {
      const first = deck.follow(feed as Feed, {}).next()
      await expect(first).rejects.toMatchObject({ code: "read_only", message: WHY })
    }
  })
})

eachGeneration(database => {
  const environment = { name: "PROD-EU", readOnly: WHY as string | undefined }
  let platform: Platform
  beforeAll(() => {
    const redis = { url: "redis://127.0.0.1:1" }
    const config = { postgres: database, redis: { api: redis, gateways: oneGateway(redis) } }
    platform = openPlatform(config, environment)
  })
  afterAll(() => platform.close())

  const audited = (target: string) =>
    asSuperuser(
      `select metadata_json ->> 'result' as result from audit_logs where target_id = '${target}'`,
      database.url,
    )

  test("PostgreSQL refuses what would change anything, and takes it once that is allowed", async () => {
    const { postgres } = platform
    const settings = sql<{ setting: string }>`select current_setting('default_transaction_read_only') as setting`
    const write = () =>
      postgres.transaction(tx => tx.insertInto("platform_settings").values({ key: "test", value: "" }).execute())
    expect(await postgres.run(async db => (await settings.execute(db)).rows)).toEqual([{ setting: "on" }])
    await expect(write()).rejects.toThrow(/read-only/)
    environment.readOnly = undefined
    await expect(write()).resolves.toBeDefined()
    environment.readOnly = WHY
    await expect(write()).rejects.toThrow(/read-only/)
  })

  test("who comes in, and who does not, is recorded all the same", async () => {
    const administrator = await addAdministrator(database.postgres)
    const apiKey = await addApiKey(database.postgres, administrator)
    await signIn(platform, { apiKey }, { console: true })
    expect(await audited(administrator.id)).toEqual([{ result: "succeeded" }])
    const used = `select last_used_at is not null as used from api_keys where user_id = '${administrator.id}'`
    expect(await asSuperuser(used, database.url)).toEqual([{ used: true }])
    const before = await asSuperuser("select count(*) from audit_logs", database.url)
    await expect(signIn(platform, { login: administrator.login, password: "x" }, { console: true })).rejects.toThrow()
    const after = await asSuperuser("select count(*) from audit_logs", database.url)
    expect(Number(after[0]?.count)).toBe(Number(before[0]?.count) + 1)
  })
})
