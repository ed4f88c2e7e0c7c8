import { expect, test } from "vitest"
import { compileFilter, parseFilter } from "../../src/domain/access-log-filter.ts"
import { COUNTED_DIMENSIONS } from "../../src/domain/log-counts/counted-dimensions.ts"
import type { DimensionKey } from "../../src/domain/movers/dimension-keys.ts"
import { DIMENSION_KEYS } from "../../src/domain/movers/dimension-keys.ts"
import { dimensionOf } from "../../src/domain/movers/dimensions.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { logCompare, logHistogram, logTop } from "../../src/services/log-counts/log-counts.ts"
import { whatChanged } from "../../src/services/log-counts/what-changed.ts"
import { windowMovers } from "../../src/services/log-counts/window-movers.ts"
import { FIRST_MS, Gateway, idOf, request } from "../support/access-log.ts"
import { clickHouseForTests, HISTORY_ENGINES } from "../support/clickhouse.ts"
import { freshDatabase } from "../support/postgres.ts"
import { recordedLog } from "../support/recorded-log.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()

const clickhouse = clickHouseForTests()
const serverOf = (engine: string) => (engine === "ClickHouse" ? clickhouse.create() : undefined)

const at = (ms: number) => new Date(FIRST_MS + ms).toISOString()

/** Requests one a second, each otherwise than the one before it, with their entries. */
function traffic(count: number, from = 0) {
  const requests = Array.from({ length: count }, (_, i) => {
    const n = from + i
    return request({
      path: `/v1/${["threads", "runs", "me"][n % 3]}/${1000 + n}`,
      status: n % 7 === 0 ? "503" : n % 5 === 0 ? "404" : "200",
      duration_ms: String(n % 100),
      client_ip: n % 11 === 0 ? "x" : `203.0.${n % 4}.${n % 9}`,
      country: n % 2 === 0 ? "DE" : "US",
      user_id: n % 13 === 0 ? "" : `0a11ce00-0000-4000-8000-${String(n % 6).padStart(12, "0")}`,
    })
  })
  const entries = requests.map((fields, i) => StreamEntry.from(idOf((from + i) * 1000), Object.entries(fields)))
  return { requests, entries }
}

test.each(HISTORY_ENGINES)(
  "bars hold what a plain count of the same requests finds, across the seam (%s)",
  async engine => {
    const { stream, deck, record } = recordedLog(gateway, database, await serverOf(engine))
    const { requests, entries } = traffic(600)
    await gateway.add(stream, requests.slice(0, 400), 0, 1000)
    await record(400)
    await gateway.writer.xtrim(stream, "MAXLEN", "=", 100)
    await gateway.add(stream, requests.slice(400), 400_000, 1000)
    const filters = ["", "status:5xx", "country:de route:/v1/runs/:id", "-ip:203.0.1.0/24"]
    const ends = [590_000, 210_000] as const
    for (const [filter, endMs] of filters.flatMap(one => ends.map(end => [one, end] as const))) {
      const accepts = compileFilter(parseFilter(filter), new Map())
      const asked = { filter, since: at(0), until: at(endMs), step: "1m" }
      const { data, ...window } = await deck.run(logHistogram, asked)
      // It begins with a whole bar, of which nothing is held before the first request.
      const missing = [{ from: "2023-11-14T22:13:00Z", until: "2023-11-14T22:13:20Z", lost: null, reason: "not_held" }]
      expect(window).toEqual({
        since: "2023-11-14T22:13:00Z",
        until: at(endMs).replace(".000Z", "Z"),
        step_s: 60,
        missing,
      })
      const begin = Date.parse(window.since)
      const within = (bar: number) =>
        entries.filter(
          entry => accepts(entry) && entry.ms < FIRST_MS + endMs && Math.floor((entry.ms - begin) / 60_000) === bar,
        )
      const counted = data.map(({ from, requests, refused, failed }) => [from, requests, refused, failed])
      const status = (bar: number, digit: string) =>
        within(bar).filter(entry => entry.get("status")?.startsWith(digit)).length
      expect(counted, filter).toEqual(
        data.map((_, i) => [
          new Date(begin + i * 60_000).toISOString().replace(".000Z", "Z"),
          within(i).length,
          status(i, "4"),
          status(i, "5"),
        ]),
      )
      expect(data).toHaveLength(endMs === 590_000 ? 11 : 4)
      for (const [bar, { p50, p95 }] of data.entries()) {
        const durations = within(bar)
          .map(entry => entry.number("duration_ms") as number)
          .sort((a, b) => a - b)
        const atMost = (share: number) => durations[Math.ceil(share * durations.length) - 1]
        for (const [found, exact] of [
          [p50, atMost(0.5)],
          [p95, atMost(0.95)],
        ] as const) {
          if (exact === undefined) expect(found).toBeNull()
          else expect(Math.abs(Math.log(((found ?? 0) + 1) / (exact + 1))), `${found} for ${exact}`).toBeLessThan(1 / 8)
        }
      }
    }
  },
)

test.each(HISTORY_ENGINES)(
  "the values of every dimension are those that the movers count, and as many (%s)",
  async engine => {
    const { stream, deck, record } = recordedLog(gateway, database, await serverOf(engine))
    const { requests, entries } = traffic(300)
    await gateway.add(stream, requests.slice(0, 200), 0, 1000)
    await record(200)
    await gateway.writer.xtrim(stream, "MAXLEN", "=", 50)
    await gateway.add(stream, requests.slice(200), 200_000, 1000)
    const accepts = compileFilter(parseFilter("-status:404"), new Map())
    const live = { method: "method", city: "city", agent: "user_agent", identity: "identity_type", org: "org_id" }
    for (const { key: by } of COUNTED_DIMENSIONS) {
      const asked = { by, since: at(100_000), until: at(300_000), limit: 200, filter: "-status:404" }
      const { data, window_s, seen, missing } = await deck.run(logTop, asked)
      expect({ window_s, seen, missing }).toEqual({ window_s: 200, seen: 200, missing: [] })
      const valueIn = (entry: StreamEntry) =>
        by in live ? (entry.get(live[by as keyof typeof live]) ?? "") : dimensionOf(by as DimensionKey).valueOf(entry)
      const counted = (from: number, to: number) =>
        Map.groupBy(
          entries.slice(from, to).filter(entry => accepts(entry) && valueIn(entry) !== ""),
          valueIn,
        )
      const [now, before] = [counted(100, 300), counted(0, 100)]
      expect(Object.fromEntries(data.map(({ value, requests }) => [value, requests])), by).toEqual(
        Object.fromEntries([...now].map(([value, of]) => [value, of.length])),
      )
      for (const { value, requests, per_second, failed, share, change } of data) {
        const own = now.get(value) as StreamEntry[]
        expect(failed).toBe(own.filter(entry => entry.get("status")?.startsWith("5")).length)
        expect(per_second).toBeCloseTo(requests / 200, 4)
        expect(share).toBeCloseTo(requests / entries.slice(100).filter(accepts).length, 3)
        // Half of the window before is held, and rates are of that half.
        expect(change).toBeCloseTo(requests / 200 - (before.get(value)?.length ?? 0) / 100, 3)
      }
    }
    // The console's panel: the same of all its dimensions at once, either way round.
    const within = { since: at(100_000), until: at(300_000), limit: 3 }
    const { dimensions } = await deck.run(windowMovers, { ...within, sort: "rate" })
    expect(dimensions.map(({ key }) => key)).toEqual(DIMENSION_KEYS)
    const { data: routes } = await deck.run(logTop, { ...within, by: "route", limit: 200 })
    const route = dimensions.find(({ key }) => key === "route")
    expect(route).toMatchObject({ distinct: routes.length, data: routes.slice(0, 3) })
    const least = await deck.run(windowMovers, { ...within, sort: "rate", reversed: true, only: "ip" })
    const { data: every } = await deck.run(logTop, { ...within, by: "ip", limit: 200 })
    expect(least.dimensions[0]?.data[0]?.requests).toBe(Math.min(...every.map(({ requests }) => requests)))
    // By errors, and by the percentile of the durations.
    const top = (sort: string) => deck.run(logTop, { by: "status", sort, since: at(0), until: at(300_000), limit: 1 })
    expect((await top("failed")).data).toMatchObject([{ value: "503" }])
    const { data: slowest } = await top("p95")
    const durations = entries
      .filter(entry => entry.get("status") === slowest[0]?.value)
      .map(entry => entry.number("duration_ms") ?? 0)
    const sorted = durations.toSorted((a, b) => a - b)
    const p95 = slowest[0]?.p95 ?? Number.NaN
    expect(p95).toBeGreaterThanOrEqual(sorted[Math.floor((sorted.length - 1) * 0.95)] as number)
    expect(p95).toBeLessThanOrEqual(sorted[Math.ceil((sorted.length - 1) * 0.95)] as number)
  },
)

test("epochs are counted together, and a window of which nothing is held is told", async () => {
  const { stream, deck, record } = recordedLog(gateway, database)
  const { requests } = traffic(60)
  await gateway.add(stream, requests.slice(0, 20), 10_000, 1000)
  await record(20)
  await gateway.writer.del(stream)
  // Made anew at ids between those of the epoch before, and not recorded yet.
  await gateway.add(stream, requests.slice(20, 40), 5_500, 1000)
  const counted = async (from: number, to: number) => {
    const { data, missing } = await deck.run(logHistogram, { since: at(from), until: at(to), step: "1s" })
    return { requests: data.reduce((sum, bar) => sum + bar.requests, 0), missing }
  }
  expect((await counted(0, 60_000)).requests).toBe(40)
  expect((await counted(10_000, 20_000)).requests).toBe(20)
  await record(40)
  expect((await counted(0, 60_000)).requests).toBe(40)
  // Nothing came after it: that is a count of none, and no part that is missing.
  const after = { since: at(3_600_000), until: at(3_660_000) }
  const { data, missing } = await deck.run(logTop, after)
  expect({ data, missing }).toEqual({ data: [], missing: [] })
  const refused = deck.run(logCompare, { window: `${at(0)}..${at(60_000)}`, with: "2020-01-01..2020-01-02" })
  await expect(refused).rejects.toMatchObject({
    code: "not_found",
    field: "with",
    // Of the older epoch, or of both where their files are one by now.
    message: expect.stringMatching(/the log is held since 2023-11-14T22:13:(30|25.5)Z$/),
  })
})

test.each(HISTORY_ENGINES)(
  "what changed is named first, with both rates, and chance is told apart (%s)",
  async engine => {
    const { stream, deck, record } = recordedLog(gateway, database, await serverOf(engine))
    const { requests } = traffic(1200)
    const failing = requests.map((fields, n) => ({
      ...fields,
      status: "200",
      ...(n >= 900 && n % 3 === 0 && { status: "500", user_agent: "sdk/2.4.0", path: `/v1/threads/${n}/runs` }),
    }))
    await gateway.add(stream, failing.slice(0, 1000), 0, 1000)
    await record(1000)
    await gateway.writer.xtrim(stream, "MAXLEN", "=", 20)
    await gateway.add(stream, failing.slice(1000), 1_000_000, 1000)
    const answer = await deck.run(logCompare, {
      filter: "status:5xx",
      window: `${at(900_000)}..${at(1_200_000)}`,
      with: `${at(0)}..${at(900_000)}`,
    })
    expect(answer).toMatchObject({
      window: "2023-11-14T22:28:20Z..2023-11-14T22:33:20Z",
      with: "2023-11-14T22:13:20Z..2023-11-14T22:28:20Z",
      before_per_s: 0,
      after_per_s: 0.3333,
      by_chance: false,
      missing: [],
    })
    const first = answer.data.filter(({ by_chance }) => !by_chance).slice(0, 3)
    const named = first.map(({ dimension, value }) => `${dimension} ${value}`)
    expect(named).toEqual(expect.arrayContaining(["agent sdk/2.4.0", "route /v1/threads/:id/runs", "status 500"]))
    expect(first[0]).toMatchObject({ before_per_s: 0, after_per_s: 0.3333, share_of_change: 1, share_of_requests: 0 })
    // Half of the requests are from there, and half of the errors: no cause.
    const country = answer.data.findIndex(({ dimension }) => dimension === "country")
    expect(country).toBeGreaterThan(3)
    // The console asks of what passes a filter, and finds by itself that errors are what changed.
    const found = await deck.run(whatChanged, {
      filter: "status:200,500",
      window: `${at(900_000)}..${at(1_200_000)}`,
      with: `${at(0)}..${at(900_000)}`,
    })
    expect(found).toMatchObject({
      of: "failed",
      before: { requests: 900, refused: 0, failed: 0, seconds: 900 },
      after: { requests: 300, refused: 0, failed: 100, seconds: 300 },
    })
    const told = found.data.filter(({ by_chance }) => !by_chance)
    expect(told.at(-1)).toMatchObject({ dimension: "status", value: "500" })
    expect(told.find(({ dimension }) => dimension === "agent")).toMatchObject({
      value: "sdk/2.4.0",
      before_per_s: 0,
      since: "2023-11-14T22:28:20Z",
    })
  },
)
