import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import type { TailSnapshot } from "../../src/tail/protocol.ts"
import { NOW, openLog, ROWS, snapshot } from "../support/log-screen.tsx"
import { STATISTICS } from "../support/statistics.ts"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

/** A tail whose filter is passed by a part of the traffic. */
const filtering = (changes: Partial<TailSnapshot> = {}) =>
  snapshot({
    filter: "status>=400",
    matching: ROWS.length,
    timeline: { from: NOW - 60_000, barMs: 5000, ok: [40, 80, 20], refused: [0, 2, 0], failed: [0, 0, 1] },
    matchTimeline: { from: NOW - 60_000, barMs: 5000, ok: [0, 0, 0], refused: [0, 2, 0], failed: [0, 0, 1] },
    matchStatistics: {
      ...STATISTICS,
      perSecond: 15,
      shares: { "2xx": 0, "3xx": 0, "4xx": 0.86, "5xx": 0.14 },
      p50: 12,
      p95: 90,
    },
    ...changes,
  })

test("live, with a filter: the figures and the bars are of what matches, beside them those of everything", async () => {
  const filtered = filtering()
  const top = async (size: [number, number], rows: number) => (await openLog(filtered, size)).lines().slice(0, rows)
  expect(await top([120, 40], 4)).toMatchInlineSnapshot(`
    [
      " ● live  15/s of 214/s  in 1m 2xx 0% 3xx 0% 4xx 86% 5xx 14%   p50 12ms  p95 90ms                       4 of 9 812 match",
      "                                                                                        22:12:30      ok  max 0 of 80",
      "                                                                                        5s a bar  █   4xx max 2 of 2",
      "                                                                                                   █  5xx max 1 of 1",
    ]
  `)
  expect(await top([160, 40], 1)).toMatchInlineSnapshot(`
    [
      " ● live  15/s of 214/s  in 1m 2xx 0% (91%) 3xx 0% (2%) 4xx 86% (6%) 5xx 14% (1%)  p50 12ms (42ms)  p95 90ms (380ms)                            4 of 9 812 match",
    ]
  `)
  expect(await top([80, 24], 2)).toMatchInlineSnapshot(`
    [
      " ● live  15/s of 214/s  in 1m 2xx 0% 3xx 0% 4xx 86% 5xx 14%    4 of 9 812 match",
      "                                                22:12:30  █▄  max 2 of 82",
    ]
  `)
})

test("paused: what came meanwhile, and how long the rows stay", async () => {
  const { lines, snapshots, keys } = await openLog(filtering())
  keys.press("k")
  await until(() => lines()[0]?.includes("paused"))
  snapshots.set(filtering({ seen: 11_096, end: ROWS.length + 37, newest: ROWS.length + 37, rows: ROWS }))
  await until(() => lines()[0]?.includes("37"))
  expect(lines()[0]).toMatchInlineSnapshot(
    `" ‖ paused  1 284 new, 37 match  15/s of 214/s  in 1m 2xx 0% 3xx 0% 4xx 86% 5xx 14%        G go live"`,
  )
})

test("paused: the figures of what matches stay, and a row that expires soon comes before them", async () => {
  const first = async (size: [number, number], leavesInSeconds: number) => {
    const { lines, keys } = await openLog(filtering({ leavesInSeconds }), size)
    keys.press("k")
    await until(() => lines()[0]?.includes("paused"))
    return lines()[0]
  }
  expect(await first([160, 20], 840)).toMatchInlineSnapshot(
    `" ‖ paused  0 new, 0 match; this row expires in about 15m  15/s of 214/s  in 1m 2xx 0% 3xx 0% 4xx 86% 5xx 14%   p50 12ms  p95 90ms                     G go live"`,
  )
  expect(await first([80, 20], 840)).toMatchInlineSnapshot(
    `" ‖ paused  0 new, 0 match  15/s  in 1m 2xx 0% 3xx 0% 4xx 86% 5xx 14%  G go live"`,
  )
  expect(await first([80, 20], 60)).toMatchInlineSnapshot(
    `" ‖ paused  0 new, 0 match; this row expires in about 60s              G go live"`,
  )
})

test("paused: when a row expires is told coarsely, and stays while it is about as long", async () => {
  const { lines, snapshots, keys } = await openLog(snapshot({ leavesInSeconds: 3000 }), [160, 20])
  keys.press("k")
  await until(() => lines()[0]?.includes("expires in about 45m"))
  for (const [at, leavesInSeconds] of [2400, 3300, 2950].entries()) {
    snapshots.set(snapshot({ leavesInSeconds, seen: 9813 + at }))
    await until(() => lines()[0]?.includes(`${at + 1} new`))
    expect(lines()[0]).toContain("expires in about 45m")
  }
  snapshots.set(snapshot({ leavesInSeconds: 700 }))
  await until(() => lines()[0]?.includes("expires in about 10m"))
})

test("paused: without a filter all that is new matches, and with one no more than that, whatever rows are no requests", async () => {
  const { lines, snapshots, keys } = await openLog(snapshot())
  keys.press("k")
  await until(() => lines()[0]?.includes("paused"))
  snapshots.set(snapshot({ seen: 9_814, end: ROWS.length + 3, newest: ROWS.length + 3, rows: ROWS }))
  await until(() => lines()[0]?.includes("2 new"))
  expect(lines()[0]).not.toContain("match")
  snapshots.set(
    snapshot({ filter: "status:5xx", seen: 9_814, end: ROWS.length + 3, newest: ROWS.length + 3, rows: ROWS }),
  )
  await until(() => lines()[0]?.includes("2 new, 2 match"))
})

test("out of touch: why, when it is tried again, and how old the rows are", async () => {
  const heardAt = NOW - 6000
  const reconnecting = {
    state: "reconnecting",
    heardAt,
    reason: "connection refused",
    attempt: 3,
    retryAt: NOW + 2000,
  } as const
  expect((await openLog(snapshot({ link: reconnecting }))).lines()[0]).toMatchInlineSnapshot(
    `" ▲ reconnecting in 2s, attempt 3: connection refused · last contact 6s ago"`,
  )
  expect((await openLog(snapshot({ link: { state: "live", heardAt } }))).lines()[0]).toMatchInlineSnapshot(
    `" ▲ stale for 6s: Redis has not answered since"`,
  )
})

test("a stream that was deleted while it was watched is no longer live; what was read of it stays", async () => {
  const gone = { state: "live", heardAt: NOW, isGone: true } as const
  const { lines } = await openLog(snapshot({ link: gone }), [80, 10])
  expect(lines()[0]).toBe(" ▲ the stream was deleted; waiting for it to be made again")
  expect(lines().join("\n")).toContain("/n/420")
})
