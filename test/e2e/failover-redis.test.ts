import { Redis } from "ioredis"
import { expect, onTestFinished, test } from "vitest"
import { GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { newStream, request } from "../support/access-log.ts"
import { addAdministrator, addApiKey } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { Sentinels } from "../support/sentinels.ts"
import { Terminal } from "../support/terminal.ts"

const database = freshDatabase()

test("a failover under a half filled form costs a mark on the top line for a while; the form is saved, and the log goes on", async () => {
  const sentinels = await Sentinels.start()
  onTestFinished(() => sentinels.stop())
  const primary = async () => {
    const redis = new Redis({ port: (await sentinels.primary())?.port as number, db: 1 })
    onTestFinished(() => redis.disconnect())
    return redis
  }
  const stream = newStream()
  const add = async (redis: Redis, path: string) => redis.xadd(stream, "*", ...Object.entries(request({ path })).flat())
  const first = await primary()
  first.on("error", () => {})
  await asSuperuser(
    "insert into platform_settings (key, value) values ('gateway.risk_reject_threshold', '95')",
    database.url,
  )
  await first.set(GATEWAY_CONFIG, JSON.stringify({ risk_reject_threshold: 95, rate_limit_burst: 120 }))
  await add(first, "/before")
  const terminal = Terminal.opsdeck(
    [],
    {
      DATABASE_URL: database.url,
      REDIS_URL: sentinels.url(0),
      GATEWAY_REDIS_URL: sentinels.url(1),
      OPSDECK_STREAM: stream,
      OPSDECK_API_KEY: await addApiKey(database.postgres, await addAdministrator(database.postgres)),
    },
    { columns: 120, rows: 36 },
  )
  await terminal.see("● live", "9 Gateway", "/before")
  terminal.press("9")
  await terminal.see("in sync", "▌ reject at risk", "0.95")
  terminal.press("enter", "ctrl-u").type("0.8")
  await terminal.see("0.8")

  const failing = sentinels.failover()
  await terminal.see(/▲ redis/)
  await failing
  await terminal.wait(() => !/▲ redis/.test(terminal.screen), "still said to be away")
  await terminal.see("0.8")
  terminal.press("enter", "ctrl-s")
  await terminal.see("reject at risk: 0.95 → 0.80", "[ Cancel ]")
  terminal.type("after the failover")
  terminal.press("tab", "tab")
  await terminal.see("[ Save ]")
  terminal.press("enter")
  await terminal.see("✓ reject at risk", "in sync", "▌ reject at risk  0.80")
  const second = await primary()
  expect(JSON.parse((await second.get(GATEWAY_CONFIG)) as string)).toEqual({
    risk_reject_threshold: 80,
    rate_limit_burst: 120,
  })
  await add(second, "/after")
  terminal.press("1")
  await terminal.see("● live", "/before", "failover: entries may be missing", "/after")
})
