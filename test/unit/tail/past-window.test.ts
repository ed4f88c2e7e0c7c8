import { expect, test } from "vitest"
import type { HistoryRow, Place } from "../../../src/adapters/history/history-row.ts"
import { placeOf } from "../../../src/adapters/history/history-row.ts"
import type { Pages, Step } from "../../../src/adapters/history/pages.ts"
import { DUCKDB } from "../../../src/adapters/history/parquet/dialect.ts"
import { isEntry } from "../../../src/tail/held.ts"
import { LogReader, type PastSource } from "../../../src/tail/past/log-reader.ts"
import { Past } from "../../../src/tail/past/past.ts"
import { PastWindow } from "../../../src/tail/past/past-window.ts"
import type { Rows } from "../../../src/tail/row-list.ts"
import { NOTHING_READ } from "../../support/nothing-read.ts"
import { entries } from "../../support/tail.ts"

const EVERYTHING = { passes: () => true, where: () => "1 = 1" }

/** The history's rows of an epoch, and what lies between. */
const recorded = (from: number, to: number, epoch = 1): HistoryRow[] =>
  entries(from, to).map(entry => ({ kind: "entry", epoch, entry }))
const GAP: HistoryRow = { kind: "gap", epoch: 1, lost: 7, from: "499-0", to: "500-0", reason: "not_recording" }
const RESET: HistoryRow = { kind: "reset", epoch: 1, atMs: 0 }

const key = ({ epoch, id, isEvent }: Place) => [epoch, Number(id.split("-")[0]), isEvent ? 1 : 0] as const
const order = (a: Place, b: Place) => {
  const [x, y] = [key(a), key(b)]
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]
}
const timeOf = (row: HistoryRow) => (row.kind === "entry" ? row.entry.ms : Number(placeOf(row).id.split("-")[0]))

/** A history of some rows as one file, and a stream of the entries of `live` behind it. */
function sourceOf(rows: readonly HistoryRow[], live: readonly [from: number, to: number]): LogReader {
  const last = rows.at(-1) as HistoryRow
  const end = placeOf(last).id
  const stream = entries(...live)
  const info = {
    ...{ exists: true, length: stream.length, maxDeletedId: "0-0" },
    ...{ firstId: stream[0]?.id, lastId: `${live[1] - 1}-0` },
  }
  const past: PastSource = {
    async *readOn(after) {
      yield stream.filter(({ ms }) => ms > Number(after.split("-")[0]))
    },
    info: async () => info,
    seam: async () => ({ info, isAnother: false, after: end, gap: undefined }),
    history: {
      exists: async () => true,
      dialect: DUCKDB,
      newest: async () => ({
        epoch: last.epoch,
        top: end,
        position: { ...NOTHING_READ, cursor: end, top: end },
        untilMs: 0,
        oldestMs: undefined,
        files: [],
      }),
      async *pages({ from, limit }: Pages): AsyncGenerator<Step> {
        const isWanted = (row: HistoryRow) => {
          const place = placeOf(row)
          if ("beforeMs" in from) return timeOf(row) < from.beforeMs
          if ("fromMs" in from) return timeOf(row) >= from.fromMs
          if ("before" in from) return from.before === undefined || order(place, from.before) < 0
          return order(place, from.after) >= (from.inclusive ? 0 : 1)
        }
        const isBack = "before" in from || "beforeMs" in from
        const all = (isBack ? rows.toReversed() : rows).filter(isWanted)
        const some = all.slice(0, limit)
        yield { file: "a", rows: some, isWhole: some.length < limit, reached: isBack ? 0 : 1e9 }
      },
      gaplessSince: async () => 500,
    },
  }
  return new LogReader(async function* (before) {
    yield stream.filter(({ ms }) => ms < Number(before.split("-")[0])).reverse()
  }, past)
}

const windowAt = (reader: LogReader, ms: number, most = 400) =>
  new PastWindow(
    reader,
    EVERYTHING,
    { older: { beforeMs: ms }, newer: { fromMs: ms } },
    { origin: -1e9, changed: () => {}, most },
  )

/** Numbers of entries, and kinds of markers. */
const told = (rows: Rows) =>
  Array.from({ length: rows.length }, (_, index) => {
    const held = rows.at(rows.start + index)
    return held && isEntry(held) ? held.ms : held?.kind
  })
const up = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test("a window holds a bounded number of rows, and reads what it dropped again on the way back", async () => {
  const window = windowAt(sourceOf(recorded(0, 3000), [3000, 3100]), 1000)
  await Promise.all([window.load("newer"), window.load("older")])
  expect(told(window)).toEqual(up(800, 1199))
  expect(window.at(window.origin)).toMatchObject({ ms: 1000 })
  await window.load("newer")
  expect(told(window)).toEqual(up(1000, 1399))
  // An ordinal never changes.
  expect(window.at(-1e9)).toMatchObject({ ms: 1000 })
  await window.load("older")
  expect(told(window)).toEqual(up(800, 1199))
  for (let page = 0; page < 20; page++) await window.load("older")
  expect(told(window)).toEqual(up(0, 399))
  expect(window.older).toMatchObject({ state: "end", next: undefined })
})

test("the seam is crossed in both directions, with each entry once", async () => {
  const reader = sourceOf(recorded(0, 1000), [900, 1100])
  const forward = windowAt(reader, 850, 5000)
  for (let page = 0; page < 3; page++) await forward.load("newer")
  expect(told(forward)).toEqual([...up(850, 999), "seam", ...up(1000, 1099)])
  expect(forward.newer.state).toBe("end")
  const back = windowAt(reader, 1050, 5000)
  await Promise.all([back.load("newer"), back.load("older")])
  expect(told(back)).toEqual([...up(700, 899), "seam", ...up(900, 1099)])
  expect(back.at(back.seam as number)).toEqual({ kind: "seam", since: 500 })
})

test("gaps, resets and older epochs stand at their place", async () => {
  const rows = [...recorded(600, 700, 0), RESET, ...recorded(400, 500), GAP, ...recorded(500, 650)]
  const past = new Past(
    sourceOf(rows, [650, 660]),
    () => EVERYTHING,
    () => {},
  )
  const { ordinal } = await past.open({ ms: 520 })
  const window = past.window as PastWindow
  expect(window.at(ordinal as number)).toMatchObject({ ms: 520 })
  for (let page = 0; page < 3; page++) await Promise.all([window.load("older"), window.load("newer")])
  const live = ["seam", ...up(650, 659)]
  expect(told(window)).toEqual([...up(600, 699), "reset", ...up(400, 499), "unrecorded", ...up(500, 649), ...live])
})
