import { expect } from "vitest"
import { add, KEY, test } from "../support/redis.ts"
import { PRIMARY, Sentinels } from "../support/sentinels.ts"
import { until } from "../support/waiting.ts"

test("a failover under Sentinels: commands and the log go on with the new primary", async ({ lab }) => {
  const sentinels = await lab.started(() => Sentinels.start())
  const target = { url: sentinels.url(1) }
  const { gateway } = lab.open(target)
  const writer = async () => lab.client(`redis://127.0.0.1:${(await sentinels.primary())?.port}/1`)
  await add(await writer(), 100)
  const follower = lab.follow(target)
  await until(() => follower.ids.length === 100)
  expect(await gateway.run(redis => redis.xlen(KEY))).toBe(100)

  const killed = await sentinels.failover()
  await add(await writer(), 10, 100)
  await until(() => follower.numbers.at(-1) === 109)
  expect(follower.numbers).toEqual(Array.from({ length: 110 }, (_, n) => n))
  expect(follower.of("gap")).toMatchObject([{ lost: 0, exact: false }])
  expect(follower.of("reset")).toEqual([])
  expect(follower.of("disconnected")[0]?.reason).toMatch(
    `Redis at 127.0.0.1:${killed.port} (${PRIMARY}) cannot be reached`,
  )
  expect(await gateway.run(redis => redis.xlen(KEY))).toBe(110)
})
