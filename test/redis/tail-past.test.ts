import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { openHistory } from "../../src/adapters/history/engines.ts"
import type { HistoryStore } from "../../src/adapters/history/store.ts"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import type { LogTarget, TailSnapshot, View } from "../../src/tail/protocol.ts"
import { tailSource } from "../../src/tail/source.ts"
import { FIRST_MS, Gateway, idOf, newStream, numbered, request } from "../support/access-log.ts"
import { clickHouseForTests, HISTORY_ENGINES } from "../support/clickhouse.ts"
import { recordUntil } from "../support/recorded-log.ts"
import { following } from "../support/tail.ts"

const gateway = Gateway.forTests()
const clickhouse = clickHouseForTests()

/** A stream with a history, and a tail that follows the one and can go back into the other. */
async function opened(engine = "DuckDB") {
  const stream = newStream()
  const directory = join(mkdtempSync(join(tmpdir(), "opsdeck-test-")), "history")
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  // The ids of the tests are of 2023.
  const place = engine === "DuckDB" ? { directory } : { server: await clickhouse.create() }
  const settings = { ...place, days: 36_500, bytes: 1e9 }
  /** What was asked of the history, apart from whether it is there. */
  const asked: string[] = []
  return {
    stream,
    directory,
    asked,
    /** Records until the history holds `entries`. */
    record: (entries: number) => recordUntil(gateway, stream, settings, entries),
    async follow(isWhole: (snapshot: TailSnapshot) => boolean) {
      const { url } = gateway.server
      const redis = openRedis({ api: { url }, gateways: oneGateway({ url: `${url}/1` }, stream) })
      const log = openHistory(place)
      const history = new Proxy(log.of(""), {
        get(store, name: keyof HistoryStore) {
          if (name !== "exists") asked.push(name)
          return store[name]
        },
      })
      const { tail, sees, end } = following(tailSource(redis, () => history))
      onTestFinished(async () => {
        await end()
        log.close()
        redis.close()
      })
      const { generation } = await sees(isWhole)
      let now = generation
      const view = (top: number, rows = 10) => tail.setView({ following: false, top, rows, bars: 0 } satisfies View)
      return {
        tail,
        sees,
        view,
        live: () => tail.setView({ following: true, top: 0, rows: 10, bars: 0 }),
        async filter(text: string, stayAt: string | null = null) {
          tail.setFilter({ text, users: new Map(), stayAt })
          now++
          return sees(({ generation, scanned }) => generation === now && scanned === 1)
        },
        find: (target: LogTarget) => tail.find(now, target),
        path: (ordinal: number | null) => (ordinal === null ? null : tail.inspect(now, ordinal)?.entry.path),
        /** Everything that is held, oldest first: numbers of requests, and kinds of markers. */
        all({ start, end }: TailSnapshot) {
          view(start, end - start)
          return sees(snapshot => snapshot.rows.length === snapshot.end - snapshot.start).then(({ rows }) =>
            rows.map(row => (row.kind === "entry" ? Number(row.entry.path.slice(3)) : row.kind)),
          )
        },
      }
    },
  }
}

const up = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test("up past the oldest row of the stream goes on in the history, without an entry twice or missing", async () => {
  const { stream, record, follow } = await opened()
  await gateway.add(stream, numbered(400))
  await record(400)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 10)
  await gateway.add(stream, numbered(5, 400), 400)
  const { tail, sees, all } = await follow(({ seen }) => seen === 15)
  tail.viewpoint.loadOlder()
  const first = await sees(({ older, start, end }) => older.state === "more" && end - start > 20)
  expect(await all(first)).toEqual([...up(190, 389), "seam", ...up(390, 404)])
  tail.viewpoint.loadOlder()
  const last = await sees(({ older }) => older.state === "beginning")
  expect(last.older).toMatchObject({ isOfHistory: true })
  expect(await all(last)).toEqual([...up(0, 389), "seam", ...up(390, 404)])
})

test("what was trimmed before it was recorded stands at the seam, with its number, whichever way it is crossed", async () => {
  const { stream, record, follow } = await opened()
  await gateway.add(stream, numbered(100))
  await record(100)
  await gateway.add(stream, numbered(20, 100), 100)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 10)
  const { tail, sees, find, all, live } = await follow(({ seen }) => seen === 10)
  const told = [...up(0, 99), "seam", "unrecorded", ...up(110, 119)]
  tail.viewpoint.loadOlder()
  const last = await sees(({ older }) => older.state === "beginning")
  expect(await all(last)).toEqual(told)
  expect((await sees(({ rows }) => rows.length > 100)).rows).toContainEqual(
    expect.objectContaining({ kind: "unrecorded", lost: 10, from: idOf(99), to: idOf(110) }),
  )
  live()
  await sees(({ start, end }) => end - start === 10)
  await find({ ms: FIRST_MS + 50 })
  const there = await sees(({ past, older }) => past?.newer === "end" && older.state === "beginning")
  expect(await all(there)).toEqual(told)
})

test("a jump opens a window of the past, which reads on in both directions into the stream, and G is live at once", async () => {
  const { stream, record, follow } = await opened()
  await gateway.add(stream, numbered(2000))
  await record(2000)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 10)
  await gateway.add(stream, numbered(5, 2000), 2000)
  const { sees, find, path, all, view, live } = await follow(({ seen }) => seen === 15)
  const found = await find({ ms: FIRST_MS + 1000 })
  expect(path(found.ordinal)).toBe("/n/1000")
  const there = await sees(({ past }) => past !== null)
  expect(await all(there)).toEqual(up(800, 1199))
  expect(there.past).toMatchObject({ newer: "more" })
  expect((await sees(({ past }) => past?.since != null)).past?.since).toBe(FIRST_MS)
  // Near an end of the window the next page is read.
  for (let { end } = there; ; ) {
    view(end - 5)
    const { past, end: next } = await sees(snapshot => snapshot.end > end || snapshot.past?.newer === "end")
    if (past?.newer === "end") break
    end = next
  }
  for (let { start } = there; ; ) {
    view(start)
    const { older, start: next } = await sees(
      snapshot => snapshot.start < start || snapshot.older.state === "beginning",
    )
    if (older.state === "beginning") break
    start = next
  }
  const whole = await sees(({ older, past }) => older.state === "beginning" && past?.newer === "end")
  expect(await all(whole)).toEqual([...up(0, 1999), "seam", ...up(2000, 2004)])
  await gateway.add(stream, numbered(1, 2005), 2005)
  view(whole.end - 5)
  expect((await all(await sees(({ end }) => end === whole.end + 1))).at(-1)).toBe(2005)
  live()
  expect(await sees(({ past }) => past === null)).toMatchObject({ start: 0, end: 16, seen: 16 })
})

test.each(HISTORY_ENGINES)(
  "a filter that is changed in the past stays at the entry, also in an older epoch, and reads what passes alone (%s)",
  async engine => {
    const { stream, record, follow } = await opened(engine)
    const every10th = numbered(1000).map((fields, n) => (n % 10 === 0 ? { ...fields, status: "503" } : fields))
    await gateway.add(stream, every10th)
    await record(1000)
    await gateway.writer.del(stream)
    await gateway.add(stream, numbered(1000, 1000), 500)
    await record(2000)
    await gateway.writer.xtrim(stream, "MAXLEN", "=", 5)
    const { tail, sees, find, path, filter, all } = await follow(({ seen }) => seen === 5)
    // At that moment either stream was in force: the newer one is meant, and the other lies above it.
    expect(path((await find({ ms: FIRST_MS + 700 })).ordinal)).toBe("/n/1200")
    const { ordinal } = await find({ ms: FIRST_MS + 300 })
    expect(path(ordinal)).toBe("/n/300")
    await filter("status:5xx", idOf(300))
    const stayed = await sees(({ stayedAt }) => stayedAt !== null)
    expect(path(stayed.stayedAt)).toBe("/n/300")
    expect([stayed.newest, stayed.end < -1e6]).toEqual([0, true])
    expect((await all(stayed)).slice(0, 32)).toEqual(up(0, 31).map(n => n * 10))
    // What is saved begins with the selected row, and goes back to the start of the history.
    const { entries } = await tail.page(
      { text: "status:5xx", users: new Map(), stayAt: null },
      { pastRow: stayed.stayedAt as number },
    )
    expect(entries.map(({ path }) => Number(path.slice(3)))).toEqual(
      up(0, 30)
        .map(n => n * 10)
        .reverse(),
    )
  },
)

test.each(HISTORY_ENGINES)(
  "the next failure and the next row with a text are looked for by the engine, in both directions (%s)",
  async engine => {
    const { stream, record, follow } = await opened(engine)
    const fields = numbered(3000)
    fields[100] = request({ path: "/n/100", status: "500" })
    fields[2900] = request({ path: "/n/2900", status: "502", user_agent: "needle" })
    await gateway.add(stream, fields)
    await record(3000)
    await gateway.writer.xtrim(stream, "MAXLEN", "=", 5)
    const { tail, find, path, sees } = await follow(({ seen }) => seen === 5)
    const failed = await find({ row: "failed", by: -1, from: 5 })
    expect(path(failed.ordinal)).toBe("/n/2900")
    const before = await find({ row: "failed", by: -1, from: failed.ordinal as number })
    expect(path(before.ordinal)).toBe("/n/100")
    tail.setSearch({ text: "Needle", users: [] })
    const text = await find({ row: "found", by: 1, from: before.ordinal as number })
    expect(path(text.ordinal)).toBe("/n/2900")
    expect((await sees(({ past }) => past !== null)).past).not.toBeNull()
    expect(await find({ row: "found", by: 1, from: text.ordinal as number })).toMatchObject({ ordinal: null })
  },
)

test("a burst begins with its first failed request, however many others its bar has before", async () => {
  const { stream, record, follow } = await opened()
  const status = (n: number) => (n >= 1500 && n % 2 === 0 ? "503" : n % 3 === 0 ? "401" : "200")
  await gateway.add(
    stream,
    Array.from({ length: 2000 }, (_, n) => request({ path: `/n/${n}`, status: n === 20 ? "500" : status(n) })),
  )
  await record(2000)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 10)
  const { find, path } = await follow(({ seen }) => seen === 10)
  const bar = { ms: FIRST_MS, failedWithin: 3_000 }
  expect(path((await find(bar)).ordinal)).toBe("/n/1500")
  // From there as well, and within what is read already.
  expect(path((await find(bar)).ordinal)).toBe("/n/1500")
  expect(path((await find({ ms: FIRST_MS + 1400, failedWithin: 300 })).ordinal)).toBe("/n/1500")
  expect(path((await find({ ms: FIRST_MS + 1000, failedWithin: 100 })).ordinal)).toBe("/n/1000")
})

test("nothing of the history is asked for before the past is", async () => {
  const { stream, record, follow, asked } = await opened()
  await gateway.add(stream, numbered(400))
  await record(400)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 10)
  const { tail, sees, filter } = await follow(({ older }) => "isAtHistory" in older)
  await filter("status:5xx")
  await sees(({ older }) => "isAtHistory" in older)
  expect(asked).toEqual([])
  tail.viewpoint.loadOlder()
  await sees(({ older }) => older.state === "beginning")
  expect(asked).toContain("pages")
})

test("where nothing is recorded the log begins with the stream, and says why", async () => {
  const { stream, follow } = await opened()
  await gateway.add(stream, numbered(10))
  const { tail, sees, find } = await follow(({ seen }) => seen === 10)
  tail.viewpoint.loadOlder()
  const { older } = await sees(({ older }) => older.state === "beginning")
  expect(older).toMatchObject({ why: expect.stringContaining("opsdeck record") })
  expect(await find({ ms: FIRST_MS - 1000 })).toMatchObject({ ordinal: null, older: { state: "beginning" } })
})
