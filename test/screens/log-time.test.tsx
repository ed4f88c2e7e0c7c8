import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import type { Timeline } from "../../src/domain/access-log-timeline.ts"
import type { Found, LogTarget, TailSnapshot } from "../../src/tail/protocol.ts"
import { FIRST_MS } from "../support/access-log.ts"
import { entry, openLog, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

/** A row a second for a minute, and errors in the seconds 20 to 22 and 50. */
const SECONDS = 60
const isBad = (second: number) => (second >= 20 && second <= 22) || second === 50
const per = (count: (second: number) => number) => Array.from({ length: SECONDS }, (_, second) => count(second))
const timeline: Timeline = {
  from: FIRST_MS,
  barMs: 1000,
  ok: per(() => 100),
  refused: per(second => (second === 40 ? 50 : 2)),
  failed: per(second => (isBad(second) ? 80 : 0)),
}
const minute: Partial<TailSnapshot> = {
  timeline,
  matching: SECONDS,
  end: SECONDS,
  rows: Array.from({ length: SECONDS }, (_, second) => ({
    kind: "entry",
    at: FIRST_MS + second * 1000,
    entry: entry(second * 1000),
  })),
}
const older = { state: "more", lookedBackTo: null } as const

/** The log, and where its tail was asked to go; `answer` says where that is. */
async function openTime(rows: number, answer: (place: LogTarget) => Partial<Found> = () => ({ ordinal: null })) {
  const asked: LogTarget[] = []
  const find = async (_: number, place: LogTarget) => {
    asked.push(place)
    return { ordinal: null, id: null, oldest: null, reach: FIRST_MS, older, rows: 60, ...answer(place) }
  }
  return { asked, ...(await openLog(snapshot(minute), [100, rows], {}, { find })) }
}

test("on a tall terminal the histogram has a row for each outcome, with when it begins and how high it is", async () => {
  const { lines } = await openTime(35)
  expect(lines().slice(0, 5)).toMatchInlineSnapshot(`
    [
      " ● live  214/s  in 1m ▅██▅██▅██▅  2xx 91% 3xx 2% 4xx 6% 5xx 1%   p50 42ms  p95 380ms     9 812 held",
      "           22:13:20 ████████████████████████████████████████████████████████████  ok  max       100",
      "           1s a bar ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  4xx max        50",
      "                                        ███                           █           5xx max        80",
      " / no filter",
    ]
  `)
})

test("where there is less room it is one row, in which errors are seen without colour", async () => {
  const { lines } = await openTime(25)
  expect(lines().slice(1, 3)).toMatchInlineSnapshot(`
    [
      "           22:13:20 ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄!!!▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▇▄▄▄▄▄▄▄▄▄!▄▄▄▄▄▄▄▄▄  max 182 in 1s",
      " / no filter",
    ]
  `)
})

test("on a small terminal there is none", async () => {
  const { lines } = await openTime(19)
  expect(lines()[1]).toBe(" / no filter")
})

test("bars are walked from the selected row on, each press from where the one before led", async () => {
  const at = (place: LogTarget) => ("before" in place ? (place.before - FIRST_MS) / 1000 - 1 : 0)
  const { keys, asked, see } = await openTime(25, place => ({ ordinal: at(place) }))
  keys.press("h")
  keys.press("h")
  keys.press("h")
  await see("▸22:14:16")
  await see("paused")
  expect(asked.map(place => "before" in place && place.before - FIRST_MS)).toEqual([59_000, 58_000, 57_000])
  keys.press("right")
  await until(() => asked.length === 4)
  expect(asked[3]).toEqual({ ms: FIRST_MS + 57_000 })
})

test("the bursts of errors are gone through from the newest back, and then it says that there is no other", async () => {
  const at = (place: LogTarget) => ("failedWithin" in place ? (place.ms - FIRST_MS) / 1000 : 0)
  const { keys, asked, said, see } = await openTime(25, place => ({ ordinal: at(place) }))
  expect(keys.press("]")).toMatchObject({ kind: "refused" })
  keys.press("[")
  await see("▸22:14:10")
  keys.press("[")
  await see("▸22:13:40")
  keys.press("[")
  await until(() => said.length === 1)
  keys.press("]")
  await see("▸22:14:10")
  expect(asked).toHaveLength(3)
  expect(said[0]).toContain("no further error burst")
})

test("a step from a row that is not there yet waits for it", async () => {
  const at = (place: LogTarget) => ("failedWithin" in place ? (place.ms - FIRST_MS) / 1000 : 0)
  const asked: LogTarget[] = []
  const find = async (_: number, place: LogTarget) => {
    asked.push(place)
    return { ordinal: at(place), id: null, oldest: null, reach: FIRST_MS, older, rows: 60 }
  }
  const newest = { ...minute, rowsFrom: 40, rows: minute.rows?.slice(40) ?? [] }
  const { keys, said, see, snapshots } = await openLog(snapshot(newest), [100, 15], {}, { find })
  for (let presses = 0; presses < 3; presses++) keys.press("[")
  await until(() => asked.length === 2)
  await see("paused")
  expect(said).toEqual([])
  snapshots.set(snapshot(minute))
  await until(() => said.length === 1)
  expect(said[0]).toContain("no further error burst")
})

test.each([
  [{ reach: FIRST_MS, older: { state: "beginning" } }, "nothing is older: the stream begins at 22:13:20"],
  [{ reach: FIRST_MS }, "not found, searched back to 22:13:20; the same again searches further"],
  [{ older: { state: "full", lookedBackTo: FIRST_MS } }, "not found, searched back to 22:13:20; narrow the filter"],
  [{ older: { state: "failed", reason: "gone" } }, "older entries could not be read: gone"],
  [{ ordinal: 5, id: "6-0" }, "5-0 is not among these rows: this is the next one"],
] as const)("what was not found as it was meant is told: %j", async (found, text) => {
  const { keys, pushed, said } = await openTime(25, () => found)
  keys.press("t")
  const [asking] = pushed as { params: { go(place: LogTarget): void } }[]
  asking?.params.go({ id: "5-0" })
  await until(() => said.some(line => line.startsWith(text)))
})

test.each([
  [{ oldest: 0, older: { state: "beginning" } }, "the stream begins at 22:13:20; this is the oldest row", "/n/0"],
  [{ oldest: 0 }, "searched back to 22:13:20; this is the oldest row; the same again searches further", "/n/0"],
  [{ older: { state: "failed", reason: "gone" } }, "older entries could not be read: gone", "/n/59000"],
] as const)(
  "a time before all that is kept leads to the oldest row, or leaves the log live: %j",
  async (found, text, at) => {
    const { keys, lines, pushed, said } = await openTime(25, () => found)
    keys.press("t")
    const [asking] = pushed as { params: { go(place: LogTarget): void } }[]
    asking?.params.go({ ms: FIRST_MS - 900_000 })
    await until(() => said.some(line => line.includes(text)))
    await until(() => lines().some(line => line.startsWith("▌") && line.endsWith(at)))
    expect(lines()[0]).toMatch("oldest" in found ? /^ ‖ paused/ : /^ ● live/)
  },
)

test("reading far back is told, and is left with Esc or any movement", async () => {
  const signals: AbortSignal[] = []
  const find = (_: number, _place: LogTarget, signal: AbortSignal) => {
    signals.push(signal)
    return new Promise<Found>(() => {})
  }
  const { keys, lines, see, snapshots } = await openLog(snapshot(minute), [100, 25], {}, { find })
  const reading = { ...minute, older: { state: "loading", lookedBackTo: FIRST_MS - 60_000 } } as const
  for (const [index, leave] of ["esc", "k"].entries()) {
    keys.press("h")
    await until(() => signals.length === index + 1)
    snapshots.set(snapshot(reading))
    await see("looking… back to 22:12:20")
    expect(lines()[0]).toContain("Esc stop")
    keys.press(leave)
    await see("paused")
    expect(signals[index]?.aborted).toBe(true)
  }
})
