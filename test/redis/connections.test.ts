import { describe, expect } from "vitest"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { KEY, test } from "../support/redis.ts"
import { TEST_AUTHORITY } from "../support/tls-front.ts"
import { until } from "../support/waiting.ts"

describe.concurrent("a client", () => {
  test("connects with its first command, to its own database, and measures the answer", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const { api } = lab.open({ url: `${server.url}/3` })
    await api.run(client => client.set("where", "three"))
    await redis.select(3)
    expect(await redis.get("where")).toBe("three")
    expect(await api.ping()).toBeGreaterThan(0)
    expect(await api.ping()).toBeLessThan(1_000)
  })

  test("reads the database's number from the query, too, as the platform does", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await lab.open({ url: `${server.url}?db=2` }).api.run(client => client.set("where", "two"))
    await redis.select(2)
    expect(await redis.get("where")).toBe("two")
  })

  test("shares one connection among those who start together", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const { api } = lab.open({ url: server.url })
    await Promise.all(Array.from({ length: 20 }, () => api.ping()))
    const clients = String(await redis.client("LIST"))
    expect(clients.match(/name=opsdeck/g)).toHaveLength(1)
  })

  test("says who refused, and comes back by itself", async ({ lab }) => {
    const { server } = await lab.redis()
    const { api } = lab.open({ url: server.url })
    await api.ping()
    await server.stop()
    await expect(api.ping()).rejects.toMatchObject({
      code: "unavailable",
      message: `Redis at 127.0.0.1:${server.port} cannot be reached: connection refused: is it running, and is the port right?`,
    })
    await lab.server({ port: server.port })
    expect(await api.ping()).toBeGreaterThan(0)
  })

  test("gives up on a silent server after 3 s, and connects anew for the next command", async ({ lab }) => {
    const { server } = await lab.redis()
    const proxy = await lab.proxy(server)
    const { api } = lab.open({ url: proxy.url })
    await api.ping()
    proxy.swallow()
    const from = performance.now()
    await expect(api.ping()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("no answer within 3 s"),
    })
    await expect(api.ping()).rejects.toMatchObject({ message: expect.stringContaining("no answer within 2 s") })
    expect(performance.now() - from).toBeLessThan(6_500)
    proxy.restore()
    expect(await api.ping()).toBeGreaterThan(0)
  })

  test("stops waiting as soon as the signal fires, and stays of use", async ({ lab }) => {
    const { server } = await lab.redis()
    const { api } = lab.open({ url: server.url })
    await api.ping()
    const stopping = new AbortController()
    const blocked = api.run(client => client.blpop("nothing", 1), stopping.signal)
    stopping.abort()
    await expect(blocked).rejects.toMatchObject({ code: "cancelled" })
    await expect(api.ping(stopping.signal)).rejects.toMatchObject({ code: "cancelled" })
    expect(await api.ping()).toBeGreaterThan(0)
  })

  test("never sends a command twice, nor one that was given up", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const proxy = await lab.proxy(server)
    const { api } = lab.open({ url: proxy.url })
    await api.ping()
    proxy.swallow()
    const lost = api.run(client => client.incr("counter"))
    await expect(lost).rejects.toMatchObject({ code: "unavailable" })
    proxy.restore()
    await api.run(client => client.incr("counter"))
    expect(Number(await redis.get("counter"))).toBeLessThanOrEqual(2)
  })

  test("tells a wrong password, a missing permission and a wrong type apart, without the password", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await redis.call("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+get")
    await redis.lpush("list", "x")
    const as = (user: string) => lab.open({ url: server.url.replace("//", `//${user}@`) }).api.run(c => c.get("list"))
    const wrong = await as("reader:guess").catch(error => error)
    expect(wrong).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("rejected the user or the password"),
    })
    expect(`${JSON.stringify(wrong)} ${wrong.message} ${wrong.stack} ${wrong.cause}`).not.toContain("guess")
    await expect(as("reader:secret")).rejects.toMatchObject({ message: expect.stringContaining("another type") })
    await redis.call("ACL", "SETUSER", "reader", "-get")
    await expect(as("reader:secret")).rejects.toMatchObject({ message: expect.stringContaining("denied permission") })
  })

  test("throws on what is a fault of the program", async ({ lab }) => {
    const { server } = await lab.redis()
    const { api } = lab.open({ url: server.url })
    const broken = api.run(() => Promise.reject(new TypeError("x is not a function")))
    await expect(broken).rejects.toThrow(TypeError)
  })

  test("is of no more use once closed, and its connection is gone", async ({ lab }) => {
    const { server } = await lab.redis()
    const proxy = await lab.proxy(server)
    const connections = openRedis({ api: { url: proxy.url }, gateways: oneGateway({ url: proxy.url }, KEY) })
    await Promise.all([connections.api.ping(), connections.gateways[0].client.ping()])
    expect(proxy.open).toBe(2)
    connections.close()
    await until(() => proxy.open === 0)
    await expect(connections.api.ping()).rejects.toMatchObject({ code: "unavailable" })
  })
})

describe.concurrent("TLS", () => {
  test("works with the authority named, for commands and for the tail", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const port = await lab.tls(server)
    const target = { url: `rediss://localhost:${port}`, ca: TEST_AUTHORITY }
    expect(await lab.open(target).api.ping()).toBeGreaterThan(0)
    const follower = lab.follow(target)
    const pipeline = redis.pipeline()
    for (let n = 0; n < 5_000; n++) pipeline.xadd(KEY, "*", "n", n, "path", "x".repeat(200))
    await pipeline.exec()
    await until(() => follower.ids.length === 5_000)
    expect(follower.numbers).toEqual(Array.from({ length: 5_000 }, (_, n) => n))
    expect((await lab.open({ ...target, url: `rediss://127.0.0.1:${port}` }).api.ping()) > 0).toBe(true)
  })

  test("refuses an unknown authority, and says what to name", async ({ lab }) => {
    const { server } = await lab.redis()
    const port = await lab.tls(server)
    await expect(lab.open({ url: `rediss://localhost:${port}` }).api.ping()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("its certificate is signed by an unknown authority: set --redis-ca"),
    })
  })

  test("refuses a certificate for another host", async ({ lab }) => {
    const { server } = await lab.redis()
    const port = await lab.tls(server)
    const target = { url: `rediss://localhost.localdomain:${port}`, ca: TEST_AUTHORITY }
    await expect(lab.open(target).api.ping()).rejects.toMatchObject({ code: "unavailable" })
  })

  test("where only one side speaks it is told", async ({ lab }) => {
    const { server } = await lab.redis()
    const port = await lab.tls(server)
    const ping = (url: string) => lab.open({ url }).api.ping()
    await expect(ping(`rediss://localhost:${server.port}`)).rejects.toThrow("no answer in TLS (or is redis:// meant?)")
    await expect(ping(`redis://localhost:${port}`)).rejects.toThrow("is rediss:// meant?")
  })
})

test("the access log is the platform's stream where no other key is told", () => {
  const target = { url: "redis://localhost" }
  const streams = [
    openRedis({ api: target, gateways: oneGateway(target) }),
    openRedis({ api: target, gateways: oneGateway(target, KEY) }),
  ]
  expect(streams.map(({ gateways: [{ stream }] }) => stream)).toEqual(["arkloop:gateway:access_log", KEY])
})
