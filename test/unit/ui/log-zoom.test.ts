import { expect, test } from "vitest"
import { moversWindow } from "../../../src/ui/screens/log/movers/movers-window.ts"
import { barsAround, levelBeside, timelineOfBars } from "../../../src/ui/screens/log/zoom/levels.ts"

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse("2026-03-02T03:10:20Z")

test("the bars of a level end now, and begin at multiples of their width", () => {
  const { fromMs, untilMs, stepMs } = barsAround("hour", undefined, NOW, 67)
  expect({ from: new Date(fromMs).toISOString(), untilMs, stepMs }).toEqual({
    from: "2026-03-02T02:11:00.000Z",
    untilMs: undefined,
    stepMs: MINUTE,
  })
  for (const level of ["hour", "day", "week"] as const) {
    for (const most of [27, 47, 67, 127]) {
      const bars = barsAround(level, undefined, NOW, most)
      const count = Math.ceil((NOW - bars.fromMs) / bars.stepMs)
      expect(count, `${level} in ${most}`).toBeLessThanOrEqual(most)
      expect(bars.fromMs % bars.stepMs).toBe(0)
    }
  }
})

test("a row of an earlier time has the bars around it, which stay while one walks", () => {
  const at = (minutes: number) => barsAround("hour", NOW - 20 * HOUR + minutes * MINUTE, NOW, 67)
  const { fromMs, untilMs } = at(0)
  expect(untilMs).toBe(fromMs + HOUR)
  expect(at(5)).toEqual(at(0))
  for (let minutes = 0; minutes < 60; minutes++) {
    const [row, bars] = [NOW - 20 * HOUR + minutes * MINUTE, at(minutes)]
    expect(row - bars.fromMs).toBeGreaterThanOrEqual(15 * MINUTE - bars.stepMs)
    expect((bars.untilMs as number) - row).toBeGreaterThanOrEqual(15 * MINUTE - bars.stepMs)
  }
  expect(barsAround("week", NOW - 20 * HOUR, NOW, 67).untilMs).toBeUndefined()
})

test("levels go from what is held to a week and back", () => {
  expect(levelBeside("held", 1)).toBe("hour")
  expect(levelBeside("week", 1)).toBeUndefined()
  expect(levelBeside("hour", -1)).toBe("held")
  expect(levelBeside("held", -1)).toBeUndefined()
})

test("counted bars are a timeline of outcomes", () => {
  const bars = [{ requests: 10, refused: 2, failed: 3 }]
  expect(timelineOfBars({ fromMs: 5, untilMs: 6 }, 1, bars)).toEqual({
    from: 5,
    barMs: 1,
    ok: [5],
    refused: [2],
    failed: [3],
  })
})

test("the movers are of the marked range, else of the selected wide bar, else in the past of the period around the row", () => {
  const timeline = { from: NOW - HOUR, barMs: 5 * MINUTE, ok: [], refused: [], failed: [] }
  const live = { isPast: false, level: "held", timeline, selectedBar: undefined, rowMs: undefined, marked: [] } as const
  expect(moversWindow(live, 5)).toBeUndefined()
  expect(moversWindow({ ...live, selectedBar: 3, rowMs: NOW }, 5)).toBeUndefined()
  expect(moversWindow({ ...live, marked: [9, 7, 8] }, 5)).toEqual({ fromMs: 7, untilMs: 10 })
  const wide = { ...live, level: "day", selectedBar: 3 } as const
  expect(moversWindow(wide, 5)).toEqual({ fromMs: NOW - HOUR + 15 * MINUTE, untilMs: NOW - HOUR + 20 * MINUTE })
  const past = { ...live, isPast: true, selectedBar: 3, rowMs: Date.parse("2026-03-02T01:07:30Z") }
  expect(moversWindow(past, 15)).toEqual({
    fromMs: Date.parse("2026-03-02T01:00:00Z"),
    untilMs: Date.parse("2026-03-02T01:15:00Z"),
  })
})
