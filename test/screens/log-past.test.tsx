import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import type { TailRow, TailSnapshot } from "../../src/tail/protocol.ts"
import { FIRST_MS, idOf } from "../support/access-log.ts"
import { entry, openLog, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const DAY_MS = 86_400_000
const START = -1e9
const rowAt = (n: number): TailRow => ({ kind: "entry", at: FIRST_MS + n, entry: entry(n) })
const ROWS: readonly TailRow[] = [
  rowAt(-DAY_MS),
  { kind: "reset", atMs: FIRST_MS - DAY_MS + 1000 },
  rowAt(-DAY_MS + 2000),
  { kind: "unrecorded", lost: 312, from: idOf(-DAY_MS + 2000), to: idOf(-DAY_MS + 9000), reason: "not_recording" },
  rowAt(-DAY_MS + 9000),
  { kind: "unreadable", file: "0007.parquet" },
  { kind: "seam", since: FIRST_MS - 3 * DAY_MS },
  rowAt(0),
]
const past: Partial<TailSnapshot> = {
  rows: ROWS,
  rowsFrom: START,
  start: START,
  end: START + ROWS.length,
  older: { state: "beginning", isOfHistory: true },
  past: { seam: START + 6, since: FIRST_MS - 3 * DAY_MS, newer: "more" },
}

test("the past says its time and where it comes from, and what lies between the requests stands at its place", async () => {
  const log = await openLog(snapshot(), [100, 14])
  log.keys.press("k")
  log.snapshots.set(snapshot(past))
  await log.see("from the stream")
  log.keys.press("g")
  await log.see("yesterday")
  expect(log.lines()).toMatchInlineSnapshot(`
    [
      " ◷ 22:13:20 yesterday, from the history (recorded without a gap since 11-11)      G go live   214/s",
      " / no filter",
      " TIME         METHOD STAT   DUR IP              CC RISK USER           PATH",
      " ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ start of the history: nothing older was recorded ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
      "▌22:13:20.000 GET     200  42ms 203.0.113.7     DE 0.05 -              /n/-86400000",
      " ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ the stream was recreated, 22:13:21 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.000 GET     200  42ms 203.0.113.7     DE 0.05 -              /n/-86398000",
      " ┄┄┄┄┄┄┄┄┄┄┄┄ 312 requests were not recorded, 22:13:22 to 22:13:29 (recorder restarted) ┄┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.000 GET     200  42ms 203.0.113.7     DE 0.05 -              /n/-86391000",
      " ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ a file of the history cannot be read and is left out: 0007.parquet ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
      " ┄┄┄┄┄┄┄┄┄┄┄ above: from the history, without a gap since 11-11; below: from the stream ┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.000 GET     200  42ms 203.0.113.7     DE 0.05 -              /n/0",
    ]
  `)
})

test("where the history is not read, the first row says why", async () => {
  const why = "the history needs DuckDB, which is not installed"
  const { keys, see } = await openLog(snapshot({ older: { state: "beginning", why } }), [100, 14])
  keys.press("k")
  await see(`start of the stream; ${why}`)
})

test("with a filter that was put there, the stream says of what is new how much matches, and not that all does", async () => {
  const at = { filter: "status:5xx", generation: 1, newest: 0, stayedAt: START }
  const { keys, snapshots, see, filters } = await openLog(snapshot(), [100, 14])
  keys.press("k")
  await see("paused")
  keys.press("/")
  await see("risk>=0.8")
  keys.type("status:5xx")
  await see("/ status:5xx")
  keys.press("enter")
  await until(() => filters.length > 0)
  snapshots.set(snapshot({ ...past, ...at, seen: 10_000 }))
  await see("from the history")
  snapshots.set(snapshot({ ...at, seen: 11_493, start: -4, end: 61, newest: 61, rowsFrom: 57 }))
  await see("1 493 new, 61 match")
})
