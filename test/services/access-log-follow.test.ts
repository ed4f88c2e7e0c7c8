import { expect, onTestFinished, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { startRedisServer } from "../../src/demo/redis-server.ts"
import { followLog, type LogItem } from "../../src/services/access-log.ts"
import { Gateway, idOf, newStream } from "../support/access-log.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration, freshDatabase } from "../support/postgres.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"

const gateway = Gateway.forTests()

/** What a feed yields, taken one by one or until a condition holds; it ends with the test. */
class Reader {
  readonly items: LogItem[] = []
  private readonly feed: AsyncGenerator<LogItem, void>

  constructor(deck: ReturnType<Gateway["deck"]>, input: Record<string, unknown>) {
    const stopping = new AbortController()
    this.feed = deck.follow(followLog, input, { signal: stopping.signal })
    onTestFinished(() => stopping.abort())
  }

  async next(): Promise<LogItem> {
    const { value } = await this.feed.next()
    if (!value) throw new Error("the feed has ended")
    this.items.push(value)
    return value
  }

  async take(count: number): Promise<LogItem[]> {
    const taken: LogItem[] = []
    while (taken.length < count) taken.push(await this.next())
    return taken
  }
}

const events = (items: readonly LogItem[]) => items.filter(item => "event" in item)
const paths = (items: readonly LogItem[]) => items.map(item => ("event" in item ? item.event : item.path))

/** The connections of the gateway's Redis, newest first. */
async function clients(): Promise<{ id: number; command: string }[]> {
  const list = (await gateway.writer.client("LIST")) as string
  const found = [...list.matchAll(/^id=(\d+) .* cmd=(\S+)/gm)]
  return found.map(([, id, command = ""]) => ({ id: Number(id), command })).sort((a, b) => b.id - a.id)
}

eachGeneration(database => {
  test("a feed gives what is added from now on, oldest first, with the users' names", async () => {
    const stream = newStream()
    const alice = await addPerson(database.postgres, { username: "alice" })
    await gateway.add(stream, [{ path: "/before" }])
    const reader = new Reader(gateway.deck(stream, database.postgres), {})
    const [newest] = await clients()
    const first = reader.next()
    await until(async () => (await clients()).some(({ id, command }) => id > newest!.id && command === "xread"))
    await gateway.add(stream, [{ path: "/1", user_id: alice.id }], 1)
    await gateway.add(stream, [{ path: "/2", user_id: "nobody" }], 2)
    expect([await first, await reader.next()]).toMatchObject([
      { id: idOf(1), path: "/1", username: "alice" },
      { id: idOf(2), path: "/2", username: "" },
    ])
  })

  test("a feed begins at `since`, that entry included, and keeps to the filter", async () => {
    const stream = newStream()
    const bob = await addPerson(database.postgres, { username: "bob" })
    const byBob = ["/0", "/1", "/2", "/3"].map(path => ({ path, user_id: bob.id }))
    await gateway.add(stream, byBob)
    const reader = new Reader(gateway.deck(stream, database.postgres), { since: idOf(1), filter: "user:bob -path:/2" })
    expect(paths(await reader.take(2))).toEqual(["/1", "/3"])
    await gateway.add(stream, [{ path: "/4" }], 4)
    await gateway.add(stream, [{ path: "/5", user_id: bob.id }], 5)
    expect(paths(await reader.take(1))).toEqual(["/5"])
  })
})

const database = freshDatabase()

test("a stream that is deleted while it is followed is told once, and then that it was made anew", async () => {
  const stream = newStream()
  await gateway.add(stream, [{ path: "/1" }], 1)
  const reader = new Reader(gateway.deck(stream, database.postgres), { since: idOf(1) })
  await reader.take(1)
  const deleted = reader.next()
  await gateway.writer.del(stream)
  expect(await deleted).toEqual({ event: "note", message: "the stream was deleted; waiting for it to be made again" })
  const anew = reader.take(2)
  await gateway.add(stream, [{ path: "/2" }], 2)
  expect(paths(await anew)).toEqual(["reset", "/2"])
})

test("what was trimmed before it could be read is a gap with its size, in its place", async () => {
  const stream = newStream()
  await gateway.add(stream, [{ path: "/0" }])
  const reader = new Reader(gateway.deck(stream, database.postgres), { since: idOf(0) })
  await reader.next()
  await gateway.add(
    stream,
    Array.from({ length: 100 }, (_, i) => ({ path: `/${i + 1}` })),
    1,
  )
  await gateway.writer.xtrim(stream, "MAXLEN", 10)
  expect(await reader.take(2)).toMatchObject([{ event: "gap", lost: 90, from: idOf(0), to: idOf(91) }, { path: "/91" }])
})

test("a stream made anew is a reset, and its entries follow", async () => {
  const stream = newStream()
  await gateway.add(stream, [{ path: "/old" }], 1000)
  const reader = new Reader(gateway.deck(stream, database.postgres), { since: "0-0" })
  await reader.next()
  await gateway.writer.del(stream)
  await gateway.add(stream, [{ path: "/new" }])
  expect(paths(await reader.take(2))).toEqual(["reset", "/new"])
})

test("Redis out of reach at the start is an error", async () => {
  const { port, stop } = await startRedisServer()
  await stop()
  const deck = gateway.deck(newStream(), database.postgres, `redis://127.0.0.1:${port}`)
  await expect(new Reader(deck, {}).next()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("connection refused"),
    traceId: expect.any(String),
  })
})

test("Redis out of reach later is a note, and the feed goes on where it was", async () => {
  const stream = newStream()
  const proxy = await startTcpProxy(gateway.server.port)
  onTestFinished(() => proxy.close())
  await gateway.add(stream, [{ path: "/0" }])
  const reader = new Reader(gateway.deck(stream, database.postgres, `redis://127.0.0.1:${proxy.port}`), {
    since: idOf(0),
  })
  await reader.next()
  proxy.reset()
  expect(await reader.take(2)).toMatchObject([
    { event: "note", message: expect.stringContaining("trying again") },
    { event: "note", message: "connected to Redis again" },
  ])
  await gateway.add(stream, [{ path: "/1" }], 1)
  expect(paths([await reader.next()])).toEqual(["/1"])
})

test("without PostgreSQL the feed goes on without names, and says so once", async () => {
  const stream = newStream()
  const [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => addPerson(database.postgres)))
  const proxy = await startTcpProxy(Number(new URL(database.url).port))
  const url = new URL(database.url)
  url.port = String(proxy.port)
  const postgres = openPostgres({ url: url.href, max: 1 })
  onTestFinished(() => postgres.close())
  const reader = new Reader(gateway.deck(stream, postgres), { since: "0-0" })
  await gateway.add(stream, [{ user_id: alice!.id }])
  await reader.next()
  await proxy.close()
  await gateway.add(stream, [{ user_id: bob!.id }, { user_id: alice!.id }], 1)
  expect(await reader.take(3)).toMatchObject([
    { event: "note", message: expect.stringMatching(/^continuing without user names: PostgreSQL/) },
    { username: "" },
    { username: expect.stringMatching(/^person-/) },
  ])
  await gateway.add(stream, [{ user_id: carol!.id }], 3)
  expect(await reader.next()).toMatchObject({ user_id: carol!.id, username: "" })
  expect(events(reader.items)).toHaveLength(1)
})

test("a silent PostgreSQL holds the feed up for a second, not for good", async () => {
  const stream = newStream()
  const proxy = await startTcpProxy(Number(new URL(database.url).port))
  const url = new URL(database.url)
  url.port = String(proxy.port)
  const postgres = openPostgres({ url: url.href, max: 1 })
  onTestFinished(async () => {
    await proxy.close()
    await postgres.close()
  })
  const { id } = await addPerson(database.postgres)
  const reader = new Reader(gateway.deck(stream, postgres), { since: "0-0" })
  proxy.swallow()
  await gateway.add(stream, [{ user_id: id }])
  expect(await reader.take(2)).toMatchObject([
    { event: "note", message: expect.stringMatching(/does not answer/) },
    { username: "" },
  ])
})

test("a user that nobody is, is said before anything is read", async () => {
  const reader = new Reader(gateway.deck(newStream(), database.postgres), { filter: "user:nobody" })
  await expect(reader.next()).rejects.toMatchObject({ code: "not_found", field: "filter" })
})

test("the feed ends with its signal", async () => {
  const stopping = new AbortController()
  const deck = gateway.deck(newStream(), database.postgres)
  const next = deck.follow(followLog, {}, { signal: stopping.signal }).next()
  stopping.abort()
  expect(await next).toEqual({ done: true, value: undefined })
})
