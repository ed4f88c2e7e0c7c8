import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { rfc3339 } from "../../src/domain/access-log.ts"
import { ValueStore } from "../../src/domain/store.ts"
import type { LogTarget } from "../../src/tail/protocol.ts"
import { entry, NOW, openLog, ROWS, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const RECORDED = { recorder: { states: new ValueStore({}) } }

interface Asked {
  readonly since: string
  readonly until?: string
  readonly step?: string
  readonly filter?: string
  readonly sort?: string
}

/** A history in which `minutes` ago much failed. */
function history(minutes = 40) {
  const asked: Asked[] = []
  const run = async ({ words }: { words: readonly string[] }, input: Asked) => {
    asked.push(input)
    if (words[1] === "movers") return { seen: 300, missing: [], dimensions: DIMENSIONS }
    const [fromMs, step] = [Date.parse(input.since), Number(input.step?.slice(0, -1)) * 1000]
    const untilMs = input.until ? Date.parse(input.until) : NOW
    const data = Array.from({ length: Math.ceil((untilMs - fromMs) / step) }, (_, bar) => {
      const from = fromMs + bar * step
      const failed = from <= NOW - minutes * 60_000 && NOW - minutes * 60_000 < from + step ? 300 : 0
      return { from: rfc3339(from), requests: 500, refused: 5, failed, p50: 1, p95: 2 }
    })
    return { since: input.since, until: rfc3339(untilMs), step_s: step / 1000, missing: [], data }
  }
  return { asked, deck: { run: run as never } }
}

const DIMENSIONS = [
  {
    key: "route",
    distinct: 3,
    data: [
      { value: "/v1/runs", requests: 90, per_second: 0.3, share: 0.9, refused: 0, failed: 45, p95: 1200, change: 0.2 },
    ],
  },
]
const ROW = NOW - 40 * 60_000
const rows = [{ kind: "entry" as const, at: ROW, entry: entry(0) }]
const older = { state: "more", lookedBackTo: null } as const
const found = { ordinal: 0, id: null, oldest: null, reach: ROW, older, rows: 1 }
const past = { seam: 1, since: null, newer: "more" } as const

test("( shows the last hour, day and week, ) goes back to what is held; the filter is respected", async () => {
  const { asked, deck } = history()
  const { keys, see, lines } = await openLog(snapshot({ filter: "method:GET" }), [100, 30], deck, {}, RECORDED)
  keys.press("(")
  await see("( hour ) max")
  keys.press("(")
  await see("( day ) max")
  expect(lines().slice(0, 3)).toMatchInlineSnapshot(`
    [
      " ● live  214/s  in 1m 2xx 91% 3xx 2% 4xx 6% 5xx 1%   p50 42ms  p95 380ms           4 of 9 812 match",
      "                       22:30:00 ██████████████████████████████████████████████!█  ( day ) max 500",
      " / method:GET",
    ]
  `)
  keys.press("(")
  await see("( week ) max")
  expect(keys.press("(")).toMatchObject({ kind: "refused" })
  keys.press(")")
  await see("( day ) max")
  await until(() => asked.length === 4)
  expect(asked.map(({ step, filter, until: end }) => [step, filter, end])).toEqual([
    ["60s", "method:GET", undefined],
    ["1800s", "method:GET", undefined],
    ["21600s", "method:GET", undefined],
    ["1800s", "method:GET", undefined],
  ])
})

test("on a tall terminal the level has a row for each outcome", async () => {
  const { keys, see, lines } = await openLog(snapshot(), [160, 45], history().deck, {}, RECORDED)
  keys.press("(")
  await see("( hour ) 30s")
  expect(lines().slice(1, 4)).toMatchInlineSnapshot(`
    [
      "            21:14:00 ███████████████████████████████████████▃███████████████████████████████████████████████████████████████████████████████  ok  max       495",
      "        ( hour ) 30s ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  4xx max         5",
      "                                                            █                                                                                 5xx max       300",
    ]
  `)
})

test("bars of a level are walked, and its bursts gone to: two keys find when errors began an hour ago", async () => {
  const places: LogTarget[] = []
  const find = async (_: number, place: LogTarget) => {
    places.push(place)
    return found
  }
  const { deck } = history()
  const newest = snapshot({ rows: [{ kind: "entry", at: NOW, entry: entry(0) }], end: 1, matching: 1 })
  const { keys, see, snapshots } = await openLog(newest, [80, 20], deck, { find }, RECORDED)
  keys.press("(")
  await see("( hour ) max")
  keys.press("[")
  await until(() => places.length === 1)
  const bar = Math.floor(ROW / 120_000) * 120_000
  expect(places[0]).toMatchObject({ ms: bar })
  snapshots.set(snapshot({ rows, end: 1, matching: 1, past }))
  await see("▸21:32:00")
  keys.press("h")
  await until(() => places.length === 2)
  expect(places[1]).toEqual({ ms: bar - 120_000 })
})

test("[ goes on in the history, level by level, where what is held has no further burst", async () => {
  const places: LogTarget[] = []
  const find = async (_: number, place: LogTarget) => {
    places.push(place)
    return found
  }
  const { deck, asked } = history(100)
  const newest = snapshot({ rows: [{ kind: "entry", at: NOW, entry: entry(0) }], end: 1, matching: 1 })
  const { keys, lines, see, said, snapshots } = await openLog(newest, [80, 20], deck, { find }, RECORDED)
  keys.press("[")
  await see("( day ) max")
  await until(() => places.length === 1)
  const bar = Math.floor((NOW - 100 * 60_000) / 3_600_000) * 3_600_000
  expect(places).toMatchObject([{ ms: bar }])
  expect(asked.slice(0, 2).map(({ step }) => step)).toEqual(["120s", "3600s"])
  snapshots.set(snapshot({ rows: [{ kind: "entry", at: bar, entry: entry(0) }], end: 1, matching: 1, past }))
  await see("▸20:00:00")
  keys.press("[")
  await until(() => said.length === 1)
  expect(said[0]).toContain("no further error burst before this row")
  expect(asked.at(-1)?.step).toBe("21600s")
  expect(lines().join()).toContain("( day ) max")
  keys.press("G")
  snapshots.set(newest)
  await until(() => !lines().join().includes("( day )"))
})

test("a search for a burst that finds none leaves the level as it is, live and in the past", async () => {
  const { deck, asked } = history(60 * 24 * 30)
  const newest = snapshot({ rows: [{ kind: "entry", at: NOW, entry: entry(0) }], end: 1, matching: 1 })
  const { keys, said, lines, see, snapshots } = await openLog(newest, [80, 20], deck, {}, RECORDED)
  keys.press("[")
  await until(() => said.length === 1)
  expect(asked.map(({ step }) => step)).toEqual(["120s", "3600s", "21600s"])
  expect(lines().join()).toMatch(/● live/)
  expect(lines().join()).not.toMatch(/\( (hour|day|week) \)/)
  keys.press("(")
  await see("( hour ) max")
  keys.press("k")
  snapshots.set(snapshot({ rows, end: 1, matching: 1, past }))
  await see("▸")
  keys.press("]")
  await until(() => said.length === 2)
  expect(said[1]).toContain("no further error burst after this row")
  expect(lines().join()).toContain("( hour ) max")
})

test("without a history the levels say so", async () => {
  // Where there is no row for what is held, a wider level has one.
  const { keys, see, lines } = await openLog(
    snapshot({ timeline: { from: NOW - 40_000, barMs: 1000, ok: [1], refused: [0], failed: [0] } }),
    [80, 19],
  )
  keys.press("(")
  await see("( hour )")
  expect(lines()[1]).toBe(" ( hour )  the stream holds 40s; opsdeck record keeps days")
})

test("a level that cannot be counted says why", async () => {
  const deck = {
    run: async () => {
      throw new Error("the engine is gone")
    },
  }
  const { keys, see } = await openLog(snapshot(), [80, 20], deck, {}, RECORDED)
  keys.press("(")
  await see("the engine is gone")
})

test("in the past the movers are those of the period around the selected row, in the order that is chosen", async () => {
  const { asked, deck } = history()
  const found = snapshot({ rows: [...rows, ...ROWS], start: 0, end: 1, matching: 1, past })
  const { keys, see, lines } = await openLog(found, [160, 30], deck, {}, RECORDED)
  keys.press("k")
  await see("movers 21:30 to 21:35")
  await see("/v1/runs")
  keys.press("~")
  await until(() => asked.length === 2)
  keys.press("p")
  await see("movers 21:30 to 21:45")
  await see("+200%")
  expect(asked.map(({ since, until: end, sort }) => [since, end, sort])).toEqual([
    ["2023-11-14T21:30:00Z", "2023-11-14T21:35:00Z", "rate"],
    ["2023-11-14T21:30:00Z", "2023-11-14T21:35:00Z", "rate"],
    ["2023-11-14T21:30:00Z", "2023-11-14T21:45:00Z", "rate"],
  ])
  expect(
    lines()
      .filter(line => line.includes("/v1/runs"))[0]
      ?.slice(-57),
  ).toMatchInlineSnapshot(`"/v1/runs                    0.3   0%  50%  1.2s     +200%"`)
})
