import { describe, expect } from "vitest"
import { ClickHouse } from "../../src/adapters/history/clickhouse/client.ts"
import { CLICKHOUSE } from "../../src/adapters/history/clickhouse/dialect.ts"
import { ClickHouseReader } from "../../src/adapters/history/clickhouse/reader.ts"
import { LOG } from "../../src/adapters/history/clickhouse/schema.ts"
import { ClickHouseWriter } from "../../src/adapters/history/clickhouse/writer.ts"
import { openHistory, readHistoryState } from "../../src/adapters/history/engines.ts"
import type { Pages } from "../../src/adapters/history/pages.ts"
import type { ClickHouseServer } from "../../src/config/history.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { clickHouseForTests, hasClickHouse, NO_CLICKHOUSE } from "../support/clickhouse.ts"
import { filtersAgree, hostileEntries } from "../support/history-filters.ts"
import { NOTHING_READ, OWNER, SIGN } from "../support/nothing-read.ts"
import { Recordings } from "../support/recording.ts"
import { add, KEY, test } from "../support/redis.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { eventually } from "../support/waiting.ts"

const DAY_MS = 86_400_000
const fieldsOf = (entry: StreamEntry) => Object.fromEntries(entry.pairs())

describe.skipIf(!hasClickHouse())(hasClickHouse() ? "a history in ClickHouse" : NO_CLICKHOUSE, () => {
  const server = clickHouseForTests()

  test("holds each entry once, or in a gap of its size, over recorders and resets", async ({ lab }) => {
    const { server: stream, redis } = await lab.redis()
    const history = new Recordings({ server: await server.create() }, stream.url)
    await add(redis, 500)
    let recorder = history.start()
    await eventually(async () => expect(await history.story()).toEqual(["0..499"]))
    // While it is at work no other is let in.
    await expect(history.start().ended).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^another recorder writes to clickhouse:.* process \d+ on /),
    })
    await redis.del(KEY)
    await add(redis, 10, 500)
    await eventually(async () => expect(await history.story()).toEqual(["0..499", "reset to epoch 1", "500..509"]))
    await recorder.end()
    await add(redis, 20, 510)
    await redis.xtrim(KEY, "MAXLEN", "=", 8)
    recorder = history.start()
    const whole = ["0..499", "reset to epoch 1", "500..509", "12 lost: not_recording", "522..529"]
    await eventually(async () => expect(await history.story()).toEqual(whole))
    await recorder.end()
  })

  test("writes a batch once, whether the answer to it was lost or it never came to the server", async () => {
    const target = await server.create()
    const proxy = await startTcpProxy(server.port)
    const writer = await ClickHouseWriter.open(server.database(target.database, proxy.port), OWNER)
    for (const [n, when] of (["unanswered", "unsent"] as const).entries()) {
      const batch = await writer.newBatch()
      batch.add(StreamEntry.from(`${n + 1}-0`, [["path", "/x"]]), 0)
      const accounts = { position: NOTHING_READ, epoch: 0, untilMs: n + 1 }
      const cut = proxy.cut("RowBinary", when)
      await expect(writer.save(batch, accounts, SIGN)).rejects.toMatchObject({ code: "unavailable" })
      await cut
      await writer.save(batch, accounts, SIGN)
    }
    expect(await readHistoryState({ server: target }, "")).toMatchObject({ entries: 2, untilMs: 2 })
    const clickhouse = await ClickHouse.open(target)
    expect(await clickhouse.rows(`select ms from ${LOG} where event is null order by ms`)).toMatchObject([
      { ms: "1" },
      { ms: "2" },
    ])
    await clickhouse.close()
    await writer.close()
    await proxy.close()
  })

  test("finds by a filter what is found live, hostile text and every term included", async () => {
    const target = await server.create()
    const writer = await ClickHouseWriter.open(target, OWNER)
    const batch = await writer.newBatch()
    const entries = hostileEntries(1_500)
    for (const entry of entries) batch.add(entry, 0)
    await writer.save(batch, { position: NOTHING_READ, epoch: 0 }, SIGN)
    await writer.close()
    const reader = new ClickHouseReader(await ClickHouse.open(target), "")
    const kept: unknown[] = []
    for await (const row of reader.rows()) if (row.kind === "entry") kept.push([row.entry.id, fieldsOf(row.entry)])
    expect(kept).toEqual(entries.map(entry => [entry.id, fieldsOf(entry)]))
    await filtersAgree(reader, CLICKHOUSE, entries, 40)
    await reader.close()
  })

  test("gives pages newest first, and drops the oldest days, never the one with the newest row", async () => {
    const target = await server.create()
    const writer = await ClickHouseWriter.open(target, OWNER)
    for (let day = 0; day < 5; day++) {
      const batch = await writer.newBatch()
      for (let n = 0; n < 3; n++) batch.add(StreamEntry.from(`${day * DAY_MS + n}-0`, [["path", `/${day}`]]), 0)
      await writer.save(batch, { position: NOTHING_READ, epoch: 0, untilMs: day * DAY_MS }, SIGN)
    }
    const log = openHistory({ server: target })
    const history = log.of("")
    const page = async (request: Partial<Pages>) => {
      const asked: Pages = { from: { before: undefined }, limit: 4, ...request }
      const found: number[] = []
      for await (const { rows } of history.pages(asked, new AbortController().signal))
        for (const row of rows) if (row.kind === "entry") found.push(row.entry.ms)
      return found
    }
    const times = (...days: number[]) => days.flatMap(day => [2, 1, 0].map(n => day * DAY_MS + n))
    expect(await page({})).toEqual(times(4, 3).slice(0, 4))
    expect(await page({ from: { before: { epoch: 0, id: `${3 * DAY_MS + 1}-0` } } })).toEqual(times(3, 2).slice(2))
    expect(await page({ downTo: `${DAY_MS}-0`, upTo: `${DAY_MS + 1}-0` })).toEqual(times(1).slice(1))
    expect(await page({ from: { fromMs: 3 * DAY_MS + 1 } })).toEqual(
      [...times(3), ...times(4)].toSorted((a, b) => a - b).slice(1, 5),
    )
    await writer.tidy({ days: 2, bytes: 1e9 }, 4 * DAY_MS)
    expect(await page({ limit: 20 })).toEqual(times(4, 3, 2))
    await writer.tidy({ days: 2, bytes: 1 }, 4 * DAY_MS)
    expect(await page({ limit: 20 })).toEqual(times(4))
    expect(writer.accounts.untilMs).toBe(4 * DAY_MS)
    await writer.close()
    log.close()
  })

  test("ends a question in the server when nobody waits for it", async () => {
    const clickhouse = await ClickHouse.open(server.database("default"))
    const aborting = new AbortController()
    const forever = clickhouse.inSession().found("select sum(number) from system.numbers", aborting.signal)
    const running = () =>
      clickhouse.rows(
        "select query_id from system.processes where query like '%sum(number)%' and query not like '%processes%'",
      )
    await eventually(async () => expect(await running()).toHaveLength(1))
    aborting.abort()
    await expect(forever).rejects.toMatchObject({ name: "AbortError" })
    await eventually(async () => expect(await running()).toEqual([]))
    await clickhouse.close()
  })

  test("says in words what keeps it from being read", async () => {
    const state = (changes: Partial<ClickHouseServer>) =>
      readHistoryState({ server: { ...server.database("default"), ...changes } }, "")
    const refused = (message: RegExp) => ({ code: "unavailable", message: expect.stringMatching(message) })
    expect(await state({})).toMatchObject({ entries: 0 })
    await expect(state({ password: "x" })).rejects.toMatchObject(
      refused(/password of recorder is wrong: set OPSDECK_H/),
    )
    await expect(state({ database: "none" })).rejects.toMatchObject(refused(/no database none; create it/))
    await expect(state({ url: "http://127.0.0.1:1" })).rejects.toMatchObject(
      refused(/connection refused: is it running/),
    )
  })
})
