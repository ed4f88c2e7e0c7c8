import { describe, expect } from "vitest"
import { followStream } from "../../src/adapters/redis/follow.ts"
import { add, type Follower, KEY, type Lab, test } from "../support/redis.ts"
import { until } from "../support/waiting.ts"

const withUser = (url: string, user: string) => url.replace("//", `//${user}@`)

/**
 * Another try comes about 5 s after the last, later than any after a failure that may pass (3 s), and until then nothing is asked
 * of the server. On a busy machine the first is seen late, so that less than 5 s are left.
 */
async function expectSlowRetry(follower: Follower, connectionsMade: () => Promise<number>) {
  await until(() => follower.of("disconnected").length === 1)
  const made = await connectionsMade()
  const from = performance.now()
  await until(() => follower.of("disconnected").length === 2)
  expect(performance.now() - from).toBeGreaterThan(4_000)
  expect((await connectionsMade()) - made).toBe(1)
}

async function serverAndCount(lab: Lab) {
  const { server, redis } = await lab.redis()
  const connectionsMade = async () => Number((await redis.info("stats")).match(/total_connections_received:(\d+)/)?.[1])
  return { server, redis, connectionsMade }
}

describe.concurrent("what somebody has to put right is told with its remedy and retried slowly", () => {
  test("a key of another type, until it is a stream", async ({ lab }) => {
    const { server, redis, connectionsMade } = await serverAndCount(lab)
    await redis.set(KEY, "text")
    const follower = lab.follow(server.url, "end")
    await expectSlowRetry(follower, connectionsMade)
    expect(follower.of("disconnected")).toMatchObject([
      { remedy: "key", attempt: 1, retryInMs: 5_000, reason: expect.stringContaining("another type under this key") },
      { remedy: "key", attempt: 2 },
    ])
    expect(follower.of("connected")).toEqual([])
    await redis.del(KEY)
    await until(() => follower.of("connected").length === 1)
    await add(redis, 3)
    await until(() => follower.numbers.length === 3)
  })

  test("a key that becomes another type while it is read", async ({ lab }) => {
    const { server, redis } = await serverAndCount(lab)
    await add(redis, 3)
    const follower = lab.follow(server.url)
    await until(() => follower.of("idle").length > 0)
    await redis.set(KEY, "text")
    await until(() => follower.of("disconnected").length === 1)
    expect(follower.of("disconnected")).toMatchObject([{ remedy: "key", attempt: 1 }])
  })

  test.for(["9007199254740993-0", `${Date.now() + 60_000}-9007199254740993`])(
    "an id that no time reaches (%s): what came before it is read, and not again and again",
    async (id, { lab }) => {
      const { server, redis } = await serverAndCount(lab)
      const follower = lab.follow(server.url)
      await until(() => follower.of("connected").length === 1)
      await add(redis, 3)
      await until(() => follower.numbers.length === 3)
      await redis.xadd(KEY, id, "path", "/far")
      await until(() => follower.of("disconnected").length === 2)
      expect(follower.of("disconnected")[0]).toMatchObject({ remedy: "key", reason: expect.stringContaining(id) })
      expect(follower.numbers.length).toBe(3)
      expect(follower.of("reset")).toEqual([])
    },
  )

  test("a wrong password, which is not shown", async ({ lab }) => {
    const { server, redis, connectionsMade } = await serverAndCount(lab)
    await redis.config("SET", "requirepass", "right")
    const follower = lab.follow(withUser(server.url, ":wrong%20one"))
    await expectSlowRetry(follower, connectionsMade)
    const address = server.url.replace("redis://", "")
    expect(follower.of("disconnected")[0]).toEqual({
      kind: "disconnected",
      reason: `Redis at ${address} rejected the user or the password: check REDIS_URL or GATEWAY_REDIS_URL`,
      remedy: "credentials",
      attempt: 1,
      retryInMs: 5_000,
    })
    await redis.config("SET", "requirepass", "wrong one")
    await until(() => follower.of("connected").length === 1)
  })

  test("no password where one is wanted", async ({ lab }) => {
    const { server, redis } = await serverAndCount(lab)
    await redis.config("SET", "requirepass", "right")
    const follower = lab.follow(server.url)
    await until(() => follower.of("disconnected").length === 1)
    expect(follower.of("disconnected")).toMatchObject([
      { remedy: "credentials", reason: expect.stringContaining("requires a password") },
    ])
  })

  test("a password that is changed later: read on until the connection ends, and again once it is right", async ({
    lab,
  }) => {
    const { server, redis } = await serverAndCount(lab)
    await redis.config("SET", "requirepass", "one")
    const follower = lab.follow(withUser(server.url, ":one"))
    await until(() => follower.of("connected").length === 1)
    await redis.config("SET", "requirepass", "two")
    await add(redis, 5)
    await until(() => follower.numbers.length === 5)
    await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await until(() => follower.of("disconnected").some(({ remedy }) => remedy === "credentials"))
    await redis.config("SET", "requirepass", "one")
    await add(redis, 5, 5)
    await until(() => follower.numbers.length === 10)
    expect(follower.numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test.for([
    ["XINFO", "-xinfo"],
    ["XREAD", "-xread"],
    ["the key", "resetkeys ~other"],
  ])("no permission for %s", async ([, rule], { lab }) => {
    const { server, redis, connectionsMade } = await serverAndCount(lab)
    await redis.call("ACL", "SETUSER", "reader", "on", ">pw", "~*", "+@all", ...(rule as string).split(" "))
    const follower = lab.follow(withUser(server.url, "reader:pw"))
    await expectSlowRetry(follower, connectionsMade)
    expect(follower.of("disconnected")).toMatchObject([
      { remedy: "permission", attempt: 1, reason: expect.stringContaining("denied permission") },
      { remedy: "permission", attempt: 2 },
    ])
  })

  test("no database of that number, rather than another one read instead", async ({ lab }) => {
    const { server, redis } = await serverAndCount(lab)
    await add(redis, 3)
    const follower = lab.follow(`${server.url}/99`)
    await until(() => follower.of("disconnected").length === 1)
    expect(follower.of("disconnected")[0]?.reason).toContain("DB index is out of range")
    expect(follower.ids).toEqual([])
  })
})

test("an account with the least permissions is enough", async ({ lab }) => {
  const { server, redis } = await serverAndCount(lab)
  await redis.call("ACL", "SETUSER", "reader", "on", ">pw", `~${KEY}`, "-@all", "+xread", "+xinfo", "+multi", "+exec")
  const follower = lab.follow(withUser(server.url, "reader:pw"))
  await until(() => follower.of("connected").length === 1)
  await add(redis, 3)
  await until(() => follower.numbers.length === 3)
  expect(follower.of("connected")[0]?.now).toBeGreaterThan(1_700_000_000_000)
})

test("nobody at home: quick tries first, then slower ones, and it comes alive by itself", async ({ lab }) => {
  const { server } = await lab.redis()
  await server.stop()
  const follower = lab.follow(server.url)
  await until(() => follower.of("disconnected").length === 4)
  expect(follower.of("disconnected").map(({ attempt, retryInMs }) => [attempt, retryInMs])).toEqual([
    [1, 100],
    [2, 200],
    [3, 400],
    [4, 800],
  ])
  expect(follower.of("disconnected")[0]?.reason).toMatch(
    /^Redis at 127.0.0.1:\d+ cannot be reached: connection refused/,
  )
  const again = await lab.server({ port: server.port })
  await until(() => follower.of("connected").length === 1)
  await add(lab.client(again.url), 2)
  await until(() => follower.numbers.length === 2)
})

test("a URL that cannot be meant is refused at once", async () => {
  const signal = AbortSignal.timeout(5_000)
  const first = (url: string) => followStream({ url }, KEY, "end", signal).next()
  await expect(first("http://x")).rejects.toMatchObject({ code: "invalid", field: "redis_url" })
  await expect(first("redis://h:1/?sentinels=a")).rejects.toMatchObject({
    message: expect.stringContaining("Sentinel"),
  })
  await expect(first("redis://h:1/zero")).rejects.toMatchObject({ code: "invalid" })
  await expect(first("redis://:50%off@h:1")).rejects.toMatchObject({ code: "invalid" })
})
