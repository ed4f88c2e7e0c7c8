import { Redis } from "ioredis"
import { expect, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { startRedisServer } from "../../src/demo/redis-server.ts"
import { compileFilter, parseFilter } from "../../src/domain/access-log-filter.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { readLog } from "../../src/services/access-log.ts"
import { logCompare, logHistogram, logTop } from "../../src/services/log-counts/log-counts.ts"
import { FIRST_MS, Gateway, idOf, newStream, request } from "../support/access-log.ts"
import { clickHouseForTests, HISTORY_ENGINES } from "../support/clickhouse.ts"
import { freshDatabase } from "../support/postgres.ts"
import { newHistory, recordEachUntil } from "../support/recorded-log.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const clickhouse = clickHouseForTests()
const historyIn = async (engine: string) => newHistory(engine === "ClickHouse" ? await clickhouse.create() : undefined)

const at = (ms: number) => new Date(FIRST_MS + ms).toISOString()

/** Requests one a second, those of both gateways with the same ids. */
const requestsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) =>
    request({
      path: `/v1/${["threads", "me"][n % 2]}/${1000 + n}`,
      status: name === "us" && n % 3 === 0 ? "503" : "200",
    }),
  )

/** The same as entries of the log. */
const entriesOf = (name: string, count: number) =>
  requestsOf(name, count).map((fields, n) =>
    Object.assign(StreamEntry.from(idOf(n * 1000), Object.entries(fields)), { gateway: name }),
  )

/** Two gateways with more in their streams than is recorded, and more recorded than is in the streams. */
async function twoGateways(engine: string) {
  const { settings, history } = await historyIn(engine)
  const [eu, us, url] = [newStream(), newStream(), `${gateway.server.url}/1`]
  const [ofEu, ofUs] = [requestsOf("eu", 600), requestsOf("us", 300)]
  await gateway.add(eu, ofEu.slice(0, 400), 0, 1000)
  await gateway.add(us, ofUs.slice(0, 200), 0, 1000)
  await recordEachUntil(settings, { eu: { url, stream: eu }, us: { url, stream: us } }, 600)
  await gateway.writer.xtrim(eu, "MAXLEN", "=", 50)
  await gateway.writer.xtrim(us, "MAXLEN", "=", 0)
  await gateway.add(eu, ofEu.slice(400), 400_000, 1000)
  await gateway.add(us, ofUs.slice(200), 200_000, 1000)
  return gateway.deckOfSeveral({ eu, us }, database.postgres, {}, history)
}

test.each(HISTORY_ENGINES)(
  "counts are of all gateways, each request of each once, across both seams (%s)",
  async engine => {
    const deck = await twoGateways(engine)
    const all = [...entriesOf("eu", 600), ...entriesOf("us", 300)]
    for (const [filter, names] of [
      [""],
      ["status:5xx"],
      ["gateway:eu"],
      ["-gateway:EU path:/v1/me"],
      ["status:5xx", "us"],
      ["status:5xx", "eu"],
    ] as const) {
      const accepts = compileFilter(parseFilter(filter), new Map())
      const meant = all.filter(entry => accepts(entry) && (names === undefined || entry.gateway === names))
      const asked = { filter, ...(names && { gateway: [names] }), since: at(100_000), until: at(600_000) }
      const { data, missing } = await deck.run(logHistogram, { ...asked, step: "100s" })
      const begin = Date.parse(data[0]?.from as string)
      const byHand = data.map((_, bar) => meant.filter(({ ms }) => Math.floor((ms - begin) / 100_000) === bar).length)
      // The last bar ends with the window.
      expect(
        data.map(({ requests }) => requests),
        filter,
      ).toEqual(byHand)
      expect(missing).toEqual([])
    }
    const window = { since: at(0), until: at(600_000) }
    expect((await deck.run(logTop, { by: "gateway", ...window })).data).toMatchObject([
      { value: "eu", requests: 600, per_second: 1, failed: 0 },
      { value: "us", requests: 300, per_second: 0.5, failed: 100 },
    ])
    const compared = await deck.run(logCompare, {
      window: `${at(300_000)}..${at(600_000)}`,
      with: `${at(0)}..${at(300_000)}`,
    })
    expect(compared).toMatchObject({ before_per_s: 2, after_per_s: 1 })
    expect(compared.data).toContainEqual(
      expect.objectContaining({ dimension: "gateway", value: "us", share_of_change: 1 }),
    )
    await expect(deck.run(logTop, { by: "gateway", gateway: ["ap"] })).rejects.toMatchObject({ field: "gateway" })
  },
)

test.each(HISTORY_ENGINES)(
  "a part is missing where any gateway lacks it, and the answer says which (%s)",
  async engine => {
    const { settings, history } = await historyIn(engine)
    const there = await startRedisServer()
    const writer = new Redis(`${there.url}/1`)
    const [eu, us] = [newStream(), ACCESS_LOG]
    try {
      await gateway.add(eu, requestsOf("eu", 400), 0, 1000)
      for (const [n, fields] of requestsOf("us", 200).entries())
        await writer.xadd(us, idOf((n + 200) * 1000), ...Object.entries(fields).flat())
      const urls = { eu: `${gateway.server.url}/1`, us: `${there.url}/1` }
      await recordEachUntil(settings, { eu: { url: urls.eu, stream: eu }, us: { url: urls.us, stream: us } }, 600)
      const deck = gateway.deckOfSeveral({ eu }, database.postgres, { us: urls.us }, history)
      const window = { since: at(0), until: at(400_000) }
      const top = await deck.run(logTop, { by: "gateway", ...window })
      const before = {
        from: "2023-11-14T22:13:20Z",
        until: "2023-11-14T22:16:40Z",
        lost: null,
        reason: "not_held",
        gateway: "us",
      }
      expect(top.missing).toEqual([before])
      // Of eu all is held, of us half: the rate of each is of its own time.
      expect(top.seen).toBe(300)
      expect(top.data).toMatchObject([
        { value: "eu", requests: 400, per_second: 1 },
        { value: "us", requests: 200, per_second: 1 },
      ])
      expect(await deck.caveat(logTop, top)).toBe(
        "not counted: of us, from 2023-11-14T22:13:20Z to 2023-11-14T22:16:40Z (nothing is kept)",
      )
      expect((await deck.run(logTop, { by: "gateway", ...window, gateway: ["eu"] })).missing).toEqual([])

      await there.stop()
      await gateway.add(eu, requestsOf("eu", 1), 400_000)
      const without = await deck.run(logTop, { by: "gateway", since: at(200_000) })
      expect(without.data).toMatchObject([
        { value: "eu", requests: 201 },
        { value: "us", requests: 200 },
      ])
      expect(without.missing).toEqual([
        { from: expect.any(String), until: without.until, lost: null, reason: "out_of_reach", gateway: "us" },
      ])
      expect(await deck.caveat(logTop, without)).toMatch(/^not counted: of us, from .* \(its Redis is out of reach\)$/)
      await expect(deck.run(logTop, { by: "gateway", gateway: ["us"] })).rejects.toMatchObject({ code: "unavailable" })
    } finally {
      writer.disconnect()
      await there.stop()
    }
  },
)

test.each(HISTORY_ENGINES)("pages go on in the history of each gateway (%s)", async engine => {
  const deck = await twoGateways(engine)
  const found: string[] = []
  for (let before: string | undefined; ; ) {
    const { data, next_before } = await deck.run(readLog, { limit: 170, until: at(450_000), ...(before && { before }) })
    found.push(...data.map(({ id, gateway: name }) => `${id} ${name}`))
    if (next_before === undefined) break
    before = next_before
  }
  const expected = [...entriesOf("eu", 450), ...entriesOf("us", 300)].toSorted(
    (a, b) => b.ms - a.ms || (a.gateway < b.gateway ? 1 : -1),
  )
  expect(found).toEqual(expected.map(({ id, gateway: name }) => `${id} ${name}`))
})

test("pages go on exactly behind a stream that was made anew with older ids", async () => {
  const { settings, history } = newHistory()
  const url = `${gateway.server.url}/1`
  const streams = { ap: newStream(), eu: newStream(), us: newStream() }
  await gateway.add(streams.ap, requestsOf("ap", 58), 843)
  for (const name of ["eu", "us"] as const) await gateway.add(streams[name], requestsOf(name, 12), 890, 10)
  const urls = Object.fromEntries(Object.entries(streams).map(([name, stream]) => [name, { url, stream }]))
  await recordEachUntil(settings, urls, 82)
  await gateway.writer.del(streams.ap)
  await gateway.add(streams.ap, requestsOf("ap", 2), 299)
  await recordEachUntil(settings, urls, 84)
  const deck = gateway.deckOfSeveral(streams, database.postgres, {}, history)
  for (const limit of [1, 7, 37, 200]) {
    const found: string[] = []
    for (let before: string | undefined; ; ) {
      const { data, next_before } = await deck.run(readLog, { limit, ...(before && { before }) })
      found.push(...data.map(entry => `${entry.gateway} ${entry.id}`))
      if (next_before === undefined) break
      before = next_before
    }
    expect([limit, found.length, new Set(found).size]).toEqual([limit, 84, 84])
  }
})
