import type { Redis } from "ioredis"
import { describe, expect } from "vitest"
import { StreamFollower } from "../../src/adapters/redis/follow.ts"
import { add, idsInStream, KEY, type Lab, test } from "../support/redis.ts"
import { until } from "../support/waiting.ts"

/** A reader that has read the entries 0 to `count` - 1 and was then cut off from the server. */
async function cutOff(lab: Lab, count: number) {
  const { server, redis } = await lab.redis()
  const proxy = await lab.proxy(server)
  await add(redis, count)
  const follower = lab.follow(proxy.url)
  await until(() => follower.ids.length === count)
  proxy.swallow()
  proxy.reset()
  await until(() => follower.of("disconnected").length > 0)
  /** Lets it in again; the outage is told by then, only what comes after matters. */
  const letIn = () => {
    follower.events.length = 0
    proxy.restore()
  }
  /** What it tells from then on, connection troubles left out. */
  const story = () =>
    follower.story.filter(event => typeof event === "number" || !["disconnected", "ahead"].includes(event.kind))
  return { redis, follower, letIn, story }
}

const idOf = async (redis: Redis, n: number) => {
  const entry = (await redis.xrange(KEY, "-", "+")).find(([, fields]) => fields[1] === String(n))
  return entry?.[0] as string
}

describe.concurrent("what was trimmed before it could be read", () => {
  test("while disconnected is told with its size before what follows", async ({ lab }) => {
    const { redis, follower, letIn, story } = await cutOff(lab, 100)
    const last = follower.ids.at(-1)
    await add(redis, 5_000, 100)
    await redis.xtrim(KEY, "MAXLEN", 1_500)
    letIn()
    await until(() => follower.numbers.at(-1) === 5_099)
    const to = await idOf(redis, 3_600)
    expect(story()).toEqual([{ kind: "gap", lost: 3_500, from: last, to, exact: true }, 1_500])
  })

  test("in one burst is told with its size before what follows", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await add(redis, 10)
    const follower = lab.follow(server.url, "end")
    await until(() => follower.of("connected").length === 1)
    const burst = redis.multi()
    for (let n = 10; n < 3_010; n++) burst.xadd(KEY, "MAXLEN", 500, "*", "n", String(n))
    await burst.exec()
    await until(() => follower.numbers.at(-1) === 3_009)
    const gap = { kind: "gap", lost: 2_500, from: await follower.of("connected")[0]?.after, exact: true }
    expect(follower.story).toEqual([{ ...gap, to: await idOf(redis, 2_510) }, 500])
  })

  test("is nothing when only entries already read went", async ({ lab }) => {
    const { redis, follower, letIn, story } = await cutOff(lab, 100)
    await redis.xtrim(KEY, "MAXLEN", 0)
    await add(redis, 50, 100)
    letIn()
    await until(() => follower.numbers.at(-1) === 149)
    expect(story()).toEqual([50])
  })

  test("is told once, whatever happens to the connection, and also when nothing is left", async ({ lab }) => {
    const { redis, follower, letIn, story } = await cutOff(lab, 100)
    const last = follower.ids.at(-1)
    await add(redis, 40, 100)
    const to = await idOf(redis, 139)
    await redis.xtrim(KEY, "MAXLEN", 0)
    letIn()
    await until(() => story().length === 1)
    await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await until(() => follower.of("connected").length === 2)
    await add(redis, 1, 140)
    await until(() => follower.numbers.at(-1) === 140)
    expect(story()).toEqual([{ kind: "gap", lost: 40, from: last, to, exact: true }, 1])
  })

  test("by deleting single entries is told as inexact, those already read are no loss", async ({ lab }) => {
    const { redis, follower, letIn, story } = await cutOff(lab, 100)
    const last = follower.ids.at(-1)
    await add(redis, 20, 100)
    await redis.xdel(KEY, await idOf(redis, 50), await idOf(redis, 105), await idOf(redis, 106))
    letIn()
    await until(() => follower.numbers.at(-1) === 119)
    const to = follower.ids.at(-1)
    expect(story()).toEqual([{ kind: "gap", lost: 2, from: last, to, exact: false }, 18])
  })

  test("is told as possible when the reading began behind an entry that is gone", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await add(redis, 100)
    const after = await idOf(redis, 10)
    await redis.xtrim(KEY, "MAXLEN", 50)
    const follower = lab.follow(server.url, { after })
    await until(() => follower.ids.length === 50)
    expect(follower.story).toEqual([{ kind: "gap", lost: 0, from: after, to: await idOf(redis, 50), exact: false }, 50])
  })

  test("is nothing to a reader that asked for a time before the first entry", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await add(redis, 100)
    await redis.xtrim(KEY, "MAXLEN", 50)
    const follower = lab.follow(server.url, { backMs: 60_000, most: 1_000 })
    await until(() => follower.ids.length === 50)
    await add(redis, 10, 100)
    await until(() => follower.ids.length === 60)
    expect(follower.story).toEqual([60])
  })
})

describe.concurrent("a stream that was deleted and made anew is told, and read from its start", () => {
  const writeAnew = async (redis: Redis, ids: readonly string[]) => {
    const script = redis.multi().del(KEY)
    for (const [i, id] of ids.entries()) script.xadd(KEY, id, "n", String(1_000 + i))
    await script.exec()
  }
  const higher = (count: number) => Array.from({ length: count }, (_, i) => `9000000000000-${i}`)
  const lower = (count: number) => Array.from({ length: count }, (_, i) => `1000-${i}`)

  test.for([
    ["with lower ids, while connected", lower(7), true],
    ["with lower ids, while disconnected", lower(7), false],
    ["with higher ids, while connected", higher(7), true],
    ["with higher ids, while disconnected", higher(7), false],
    ["with higher ids, and more of them", higher(250), false],
    ["with lower and higher ids", [...lower(3), ...higher(250)], false],
  ] as const)("%s", async ([, ids, connected], { lab }) => {
    const { redis, follower, letIn, story } = await cutOff(lab, 100)
    if (connected) {
      letIn()
      await until(() => follower.of("idle").length > 0)
    }
    await writeAnew(redis, ids)
    if (!connected) letIn()
    await until(() => follower.ids.at(-1) === ids.at(-1))
    const [first, ...counts] = story()
    expect([first, counts.reduce((sum, count) => Number(sum) + Number(count), 0)]).toEqual([
      { kind: "reset" },
      ids.length,
    ])
    expect(follower.ids.slice(100)).toEqual(ids)
  })

  test("with what was trimmed from the new one before it could be read", async ({ lab }) => {
    const { redis, follower, letIn, story } = await cutOff(lab, 100)
    await writeAnew(redis, higher(50))
    await redis.xtrim(KEY, "MAXLEN", 20)
    letIn()
    await until(() => follower.ids.at(-1) === "9000000000000-49")
    const gap = { kind: "gap", lost: 30, from: "0-0", to: "9000000000000-30", exact: true }
    expect(story()).toEqual([{ kind: "reset" }, gap, 20])
  })

  test("after the key was gone for a while, of which heartbeats tell", async ({ lab }) => {
    const { redis, follower, letIn, story } = await cutOff(lab, 100)
    letIn()
    await until(() => follower.of("idle").at(-1)?.exists === true)
    await redis.del(KEY)
    await until(() => follower.of("idle").at(-1)?.exists === false)
    expect(story()).toEqual([])
    await writeAnew(redis, lower(3))
    await until(() => follower.ids.at(-1) === "1000-2")
    expect(story()).toEqual([{ kind: "reset" }, 3])
  })
})

describe.concurrent("where the reading begins", () => {
  test("at the end: only what is added later", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await add(redis, 10)
    const follower = lab.follow(server.url, "end")
    await until(() => follower.of("connected").length === 1)
    expect(follower.of("connected")[0]?.after).toBe(await idOf(redis, 9))
    await add(redis, 5, 10)
    await until(() => follower.numbers.at(-1) === 14)
    expect(follower.numbers).toEqual([10, 11, 12, 13, 14])
  })

  test("at the end of a stream that does not exist yet: everything, and no reset", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const follower = lab.follow(server.url, "end")
    await until(() => follower.of("idle").length > 0)
    await add(redis, 5)
    await until(() => follower.numbers.length === 5)
    expect(follower.story).toEqual([5])
  })

  test("behind an entry, or with it", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await add(redis, 10)
    const id = await idOf(redis, 7)
    const after = lab.follow(server.url, { after: id })
    const from = lab.follow(server.url, { from: id })
    await until(() => after.ids.length === 2 && from.ids.length === 3)
    expect([after.numbers, from.numbers]).toEqual([
      [8, 9],
      [7, 8, 9],
    ])
  })

  test("at a time to come: nothing until then, and no loss", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await add(redis, 10)
    const follower = lab.follow(server.url, { from: `${Date.now() + 1_500}-0` })
    await until(async () => {
      await add(redis, 1, 10)
      return follower.ids.length > 2
    })
    expect(follower.story).toEqual([follower.ids.length])
  })
})

test("the accounts at every event are those of what came before it, also within a batch that is told in parts", async ({
  lab,
}) => {
  const { server, redis } = await lab.redis()
  await add(redis, 3)
  await redis.xadd(KEY, `${Date.now() + 3_600_000}-0`, "n", "3")
  const ids = await idsInStream(redis)
  const stopping = new AbortController()
  const follower = new StreamFollower({ url: server.url }, KEY, { from: "0-1" }, stopping.signal)
  const story: unknown[] = []
  for await (const event of follower.events()) {
    if (event.kind === "idle") break
    if (event.kind !== "connected") story.push([event.kind, follower.state?.cursor])
  }
  stopping.abort()
  expect(story).toEqual([
    ["entries", "0-0"],
    ["ahead", ids[2]],
    ["entries", ids[2]],
  ])
  expect(follower.state?.cursor).toBe(ids[3])
})
