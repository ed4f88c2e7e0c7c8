import fc from "fast-check"
import { expect, onTestFinished, test } from "vitest"
import type { z } from "zod"
import { startRedisServer } from "../../src/demo/redis-server.ts"
import type { logQuery } from "../../src/domain/access-log-query.ts"
import { followLog, type LogItem, readLog } from "../../src/services/access-log.ts"
import { FIRST_MS, Gateway, newStream } from "../support/access-log.ts"
import { freshDatabase } from "../support/postgres.ts"
import { until } from "../support/waiting.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()

type Times = readonly number[]

/** Makes a stream of requests at these milliseconds after the first; those of one millisecond have numbers. */
async function streamOf(times: Times): Promise<string> {
  const stream = newStream()
  for (const ms of times) await gateway.writer.xadd(stream, `${FIRST_MS + ms}-*`, "path", `/${ms}`, "status", "200")
  return stream
}

/** A deck on a gateway for each name, whose requests are at these times, and all of its log, read in pages of `limit`. */
async function logOf(times: Readonly<Record<string, Times>>) {
  const names = Object.keys(times)
  const streams = await Promise.all(names.map(name => streamOf(times[name] as Times)))
  const deck = gateway.deckOfSeveral(
    Object.fromEntries(names.map((name, i) => [name, streams[i] as string])),
    database.postgres,
  )
  const page = (input: z.input<typeof logQuery>) => deck.run(readLog, input)
  async function all(limit: number, input: z.input<typeof logQuery> = {}) {
    const found: string[] = []
    for (let before: string | undefined; ; ) {
      const { data, next_before } = await page({ ...input, limit, ...(before && { before }) })
      found.push(
        ...data.map(({ id, gateway: name }) => `${Number.parseInt(id, 10) - FIRST_MS}-${id.split("-")[1]} ${name}`),
      )
      if (next_before === undefined) return found
      before = next_before
    }
  }
  return { deck, page, all, streams }
}

test("pages of several gateways are one log by milliseconds, gateway, id, whatever their size", {
  timeout: 60_000,
}, async () => {
  const someTimes = fc
    .array(fc.integer({ min: 0, max: 12 }), { maxLength: 12 })
    .map(times => times.toSorted((a, b) => a - b))
  await fc.assert(
    fc.asyncProperty(someTimes, someTimes, fc.integer({ min: 1, max: 7 }), async (eu, us, limit) => {
      const { all } = await logOf({ us, eu })
      const numbered = (name: string, times: Times) => times.map((ms, i) => ({ name, ms, seq: i - times.indexOf(ms) }))
      const expected = [...numbered("eu", eu), ...numbered("us", us)].toSorted(
        (a, b) => b.ms - a.ms || (a.name === b.name ? b.seq - a.seq : a.name < b.name ? 1 : -1),
      )
      const found = await all(limit)
      expect(found).toEqual(expected.map(({ name, ms, seq }) => `${ms}-${seq} ${name}`))
    }),
    { numRuns: 25 },
  )
})

test("of one that is asked for by name a page goes on behind an id; of several an id says nothing", async () => {
  const { page } = await logOf({ us: [1, 2, 3], eu: [1, 2, 3] })
  const eu = await page({ gateway: ["eu"], limit: 2 })
  expect(eu.data.map(entry => [entry.gateway, entry.path])).toEqual([
    ["eu", "/3"],
    ["eu", "/2"],
  ])
  expect(eu.next_before).toBe(`${FIRST_MS + 2}-0`)
  expect((await page({ gateway: ["eu"], before: eu.next_before })).data.map(({ path }) => path)).toEqual(["/1"])
  await expect(page({ before: `${FIRST_MS + 2}-0` })).rejects.toMatchObject({ code: "invalid", field: "before" })
  await expect(page({ gateway: ["ap"] })).rejects.toMatchObject({
    code: "invalid",
    field: "gateway",
    message: "there is no gateway ap; the profile lists us, eu",
  })
  await expect(page({ filter: "gateway:ap" })).rejects.toMatchObject({ code: "invalid", field: "filter" })
  expect((await page({ filter: "gateway:eu,ap -gateway:xx path:/3" })).data).toHaveLength(1)
  expect((await page({ filter: "gateway:EU path:/3" })).data).toMatchObject([{ gateway: "eu", path: "/3" }])
})

test("what a gateway writes after a page was read does not come behind it", async () => {
  const { page, streams } = await logOf({ us: [], eu: [1, 2, 3] })
  const { next_before } = await page({ limit: 2 })
  await gateway.writer.xadd(streams[0] as string, `${FIRST_MS + 9}-0`, "path", "/later")
  expect((await page({ before: next_before })).data.map(({ path }) => path)).toEqual(["/1"])
})

test("a gateway that the profile has since a page was read goes on at the page's end, as the others do", async () => {
  const times = { us: [1, 3, 5], eu: [2, 3, 6], ap: [1, 2, 3, 4, 7], zz: [3] }
  const { streams } = await logOf(times)
  const names = Object.keys(times)
  const deckOf = (...some: string[]) =>
    gateway.deckOfSeveral(
      Object.fromEntries(some.map(name => [name, streams[names.indexOf(name)] as string])),
      database.postgres,
    )
  const page = async (deck: ReturnType<typeof deckOf>, before?: string) => {
    const { data, next_before } = await deck.run(readLog, { limit: 4, ...(before && { before }) })
    return { said: data.map(({ path, gateway: name }) => `${path} ${name}`), next_before }
  }
  const first = await page(deckOf("us", "eu"))
  expect(first.said).toEqual(["/6 eu", "/5 us", "/3 us", "/3 eu"])
  const second = await page(deckOf("us", "eu", "ap", "zz"), first.next_before)
  expect(second.said).toEqual(["/3 ap", "/2 eu", "/2 ap", "/1 us"])
  expect((await page(deckOf("us", "eu", "ap", "zz"), second.next_before)).said).toEqual(["/1 ap"])
})

test("entries and losses are followed with the name of their gateway, in the order of their times", async () => {
  const { deck, streams } = await logOf({ us: [], eu: [] })
  const items: LogItem[] = []
  const reader = deck.follow(followLog, { since: "0-0" })
  const reading = (async () => {
    for await (const item of reader) {
      items.push(item)
      if ("path" in item && item.path === "/anew") break
    }
  })()
  const [us, eu] = streams as [string, string]
  await gateway.writer.xadd(us, `${FIRST_MS + 1}-0`, "path", "/us1")
  await gateway.writer.xadd(eu, `${FIRST_MS + 2}-0`, "path", "/eu2")
  await gateway.writer.xadd(us, `${FIRST_MS + 3}-0`, "path", "/us3")
  await until(() => items.filter(item => "path" in item).length === 3)
  expect(items).toMatchObject([
    { path: "/us1", gateway: "us" },
    { path: "/eu2", gateway: "eu" },
    { path: "/us3", gateway: "us" },
  ])
  await gateway.writer.del(eu)
  await gateway.writer.xadd(eu, `${FIRST_MS + 4}-0`, "path", "/anew")
  await until(() => items.some(item => "path" in item && item.path === "/anew"))
  expect(items).toContainEqual({ event: "reset", gateway: "eu" })
  await reading
})

test("one that is out of reach is named, and the others go on without it", async () => {
  const there = await startRedisServer()
  onTestFinished(() => there.stop())
  const deck = gateway.deckOfSeveral({ eu: await streamOf([1]) }, database.postgres, {
    us: `${there.url}/1`,
    ap: `${there.url}/2`,
  })
  const page = (input: z.input<typeof logQuery>) => deck.run(readLog, input)
  await there.stop()
  await expect(page({})).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(
      /^gateway us: Redis at .* cannot be reached[^;]*; gateway ap: Redis at .* cannot be reached[^;]*; --gateway eu reads the other$/,
    ),
  })
  expect((await page({ gateway: ["eu"] })).data).toMatchObject([{ gateway: "eu" }])
  const reader = deck.follow(followLog, { since: "0-0" })
  const seen: LogItem[] = []
  for await (const item of reader) if (seen.push(item) === 3) break
  expect(seen).toContainEqual(expect.objectContaining({ gateway: "eu", path: "/1" }))
  expect(seen).toContainEqual({ event: "note", message: expect.stringMatching(/^us: Redis at .*; trying again$/) })
})
