import type { Redis } from "ioredis"
import { describe, expect } from "vitest"
import { add, type Follower, idsInStream, test } from "../support/redis.ts"
import { until } from "../support/waiting.ts"

/** Everything in the stream was delivered, once and in order, and nothing was said to be lost. */
async function expectAllOnce(follower: Follower, redis: Redis) {
  const written = await idsInStream(redis)
  await until(() => follower.ids.at(-1) === written.at(-1))
  expect(follower.ids).toEqual(written)
  expect(follower.of("gap")).toEqual([])
  expect(follower.of("reset")).toEqual([])
}

const passed = (ms: number) => {
  const end = performance.now() + ms
  return until(() => performance.now() >= end)
}

describe.concurrent("while entries are being added, each is delivered once and in order", () => {
  test("when the connection is killed five times", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const follower = lab.follow(server.url)
    const writer = lab.keepAdding(redis)
    for (let kill = 1; kill <= 5; kill++) {
      await until(() => follower.of("connected").length === kill)
      const seen = follower.ids.length
      await until(() => follower.ids.length > seen)
      await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
      await until(() => follower.of("disconnected").length === kill)
    }
    await until(() => follower.of("connected").length === 6)
    await writer.stop()
    await expectAllOnce(follower, redis)
    expect(follower.of("disconnected")[0]).toMatchObject({ attempt: 1, retryInMs: 100 })
  })

  test("when the connection is reset", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const proxy = await lab.proxy(server)
    const follower = lab.follow(proxy.url)
    const writer = lab.keepAdding(redis)
    for (let reset = 1; reset <= 5; reset++) {
      await until(() => follower.of("connected").length === reset)
      proxy.reset()
      await until(() => follower.of("disconnected").length === reset)
    }
    await writer.stop()
    await expectAllOnce(follower, redis)
    expect(follower.of("disconnected")[0]?.reason).toContain("the connection was reset")
  })

  test("when the network swallows everything for 6 s, which shows within 4 s", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const proxy = await lab.proxy(server)
    const follower = lab.follow(proxy.url)
    const writer = lab.keepAdding(redis)
    await until(() => follower.ids.length > 50)
    proxy.swallow()
    const frozen = performance.now()
    await until(() => follower.of("disconnected").length > 0)
    expect(performance.now() - frozen).toBeLessThan(4_000)
    expect(follower.of("disconnected")[0]?.reason).toContain("no answer within 3 s")
    await passed(6_000 - (performance.now() - frozen))
    proxy.restore()
    await until(() => follower.of("connected").length === 2)
    await writer.stop()
    await expectAllOnce(follower, redis)
  })

  test("when the server is stopped for 10 s and continued", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const follower = lab.follow(server.url)
    const writer = lab.keepAdding(redis)
    await until(() => follower.ids.length > 50)
    server.process.kill("SIGSTOP")
    await passed(10_000)
    server.process.kill("SIGCONT")
    await until(() => follower.of("connected").length === 2)
    await writer.stop()
    await expectAllOnce(follower, redis)
  })

  test("when the server is killed and comes back from its append-only file", async ({ lab }) => {
    const dir = await lab.dir()
    const args = ["--appendonly", "yes"]
    const { server, redis } = await lab.redis({ dir, args })
    const follower = lab.follow(server.url)
    const writer = lab.keepAdding(redis)
    await until(() => follower.ids.length > 200)
    server.process.kill("SIGKILL")
    await until(() => follower.of("disconnected").length > 0)
    await lab.server({ dir, args, port: server.port })
    await until(() => follower.of("connected").length === 2)
    const seen = follower.ids.length
    await until(() => follower.ids.length > seen + 50)
    await writer.stop()
    const written = await idsInStream(redis)
    await until(() => follower.ids.at(-1) === written.at(-1))
    // The file may lack the last writes before the kill, which were delivered all the same.
    expect(follower.ids.filter(id => written.includes(id))).toEqual(written)
    expect(follower.ids).toEqual([...new Set(follower.ids)].sort())
    expect(follower.of("gap")).toEqual([])
    expect(follower.of("reset")).toEqual([])
  })
})

describe.concurrent("a server that comes back without its last writes repeats nothing", () => {
  test.for([
    ["when it is looked at at once", false],
    ["when others have been added meanwhile", true],
  ] as const)("%s", async ([, addedMeanwhile], { lab }) => {
    const dir = await lab.dir()
    const { server, redis } = await lab.redis({ dir })
    const proxy = await lab.proxy(server)
    const follower = lab.follow(proxy.url)
    await add(redis, 100)
    await redis.save()
    await add(redis, 20, 100)
    await until(() => follower.ids.length === 120)
    redis.disconnect()
    server.process.kill("SIGKILL")
    await until(() => follower.of("disconnected").length > 0)
    if (addedMeanwhile) proxy.swallow()

    const again = await lab.server({ dir, port: server.port })
    const writer = lab.client(again.url)
    if (addedMeanwhile) await add(writer, 30, 120)
    proxy.restore()
    await until(() => follower.of("connected").length === 2)
    if (!addedMeanwhile) await add(writer, 30, 120)
    await until(() => follower.numbers.includes(149))
    expect(follower.numbers).toEqual(Array.from({ length: 150 }, (_, n) => n))
    expect(follower.of("gap")).toEqual([])
    expect(follower.of("reset")).toEqual([])
  })
})

test("however long it is away, another try comes every 3 s at least", async ({ lab }) => {
  const { server } = await lab.redis()
  const follower = lab.follow(server.url)
  await until(() => follower.of("connected").length === 1)
  await server.stop()
  await until(() => follower.of("disconnected").length === 7)
  expect(follower.of("disconnected").map(({ retryInMs }) => retryInMs)).toEqual([
    100, 200, 400, 800, 1_600, 3_000, 3_000,
  ])
})
