import { expect } from "vitest"
import { countPresent, databasesWith } from "../../src/adapters/redis/databases.ts"
import { someKeys } from "../../src/adapters/redis/scan.ts"
import { valuesOf } from "../../src/adapters/redis/values.ts"
import { add, KEY, test } from "../support/redis.ts"
import { RedisCluster } from "../support/redis-cluster.ts"
import { until } from "../support/waiting.ts"

test("a Cluster: each key at its own node, a slot that is moved, a primary that is killed", async ({ lab }) => {
  const cluster = await lab.started(() => RedisCluster.start())
  const target = { url: cluster.url(2) }
  const { api, gateways } = lab.open(target)
  const [{ client: gateway }] = gateways

  const keys = Array.from({ length: 50 }, (_, n) => `test:key:${n}`)
  await Promise.all(keys.map(key => api.run(redis => redis.set(key, key))))
  expect(await countPresent(api, [...keys, "test:absent"])).toBe(50)
  expect(await valuesOf(api, [...keys, "test:absent"])).toEqual([...keys, null])
  expect((await someKeys(api, "test:key:*", AbortSignal.timeout(10_000))).sort()).toEqual([...keys].sort())
  expect(await api.ping()).toBeGreaterThan(0)

  const follower = lab.follow(target)
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
  await add((await cluster.ownerOf(KEY)).redis, 100)
  await until(() => follower.ids.length === 100)
  expect(await databasesWith(target, KEY, AbortSignal.timeout(10_000))).toEqual([0])

  const before = await cluster.ownerOf(KEY)
  const owner = await cluster.move(KEY)
  await add(owner.redis, 10, 100)
  await until(() => follower.ids.length === 110)
  expect(await gateway.run(redis => redis.xlen(KEY))).toBe(110)
  expect(follower.of("gap")).toEqual([])
  expect(follower.of("disconnected").map(({ reason }) => reason)).toEqual([
    `Redis at 127.0.0.1:${before.server.port} has just given the key to another node of its Cluster`,
  ])

  const killed = await cluster.failover(KEY)
  expect(killed).toBe(owner)
  await add((await cluster.ownerOf(KEY)).redis, 10, 110)
  await until(() => follower.ids.length === 120)
  expect(follower.numbers).toEqual(numbers(120))
  expect(follower.of("gap")).toMatchObject([{ lost: 0, exact: false }])
  expect(follower.of("reset")).toEqual([])
  await until(() =>
    gateway
      .run(redis => redis.xlen(KEY))
      .then(
        length => length === 120,
        () => false,
      ),
  )
  expect(await valuesOf(api, keys)).toEqual(keys)
})
