import { expect, test } from "vitest"
import { gravest } from "../../../src/domain/log-counts/what-changed.ts"
import { changesOf } from "../../../src/ui/screens/log/changes/changes-screen.tsx"
import { type ChangesState, changesReducer } from "../../../src/ui/screens/log/changes/changes-state.ts"
import { baselineOf, windowLookedAt, windowShown } from "../../../src/ui/screens/log/changes/windows.ts"

const HOUR = 3_600_000
const NOW = Date.parse("2026-03-02T03:10:00Z")
const at = (time: string) => Date.parse(`2026-03-02T${time}Z`)
const timeline = { from: at("03:00:00"), barMs: 5_000, ok: [], refused: [], failed: [] }
const looking = { timeline, selectedBar: undefined, marked: [], heldSince: undefined, now: NOW }

test("the window looked at is that of the marked requests, else the selected bar, else the last five minutes", () => {
  const marked = [at("03:04:00"), at("03:02:00"), at("03:03:00")]
  expect(windowLookedAt({ ...looking, selectedBar: 3, marked })).toEqual({
    fromMs: at("03:02:00"),
    untilMs: at("03:04:00") + 1,
  })
  expect(windowLookedAt(looking)).toEqual({ fromMs: NOW - 300_000, untilMs: NOW })
  const minutes = { ...timeline, barMs: 60_000 }
  expect(windowLookedAt({ ...looking, timeline: minutes, selectedBar: 3 })).toEqual({
    fromMs: at("03:03:00"),
    untilMs: at("03:04:00"),
  })
  // Where a burst begins, which may be at the end of its bar, with as many as a burst is looked for in.
  const counts = (errors: number) => Array.from({ length: 10 }, (_, bar) => (bar === 3 || bar === 4 ? errors : 0))
  const burst = { ...minutes, ok: counts(0).map(() => 500), refused: counts(0), failed: counts(60) }
  expect(windowLookedAt({ ...looking, timeline: burst, selectedBar: 3 })).toEqual({
    fromMs: at("03:03:00"),
    untilMs: at("03:06:00"),
  })
  // A narrow bar, with those behind it; not beyond now.
  expect(windowLookedAt({ ...looking, selectedBar: 3, marked: [1] })).toEqual({
    fromMs: at("03:00:15"),
    untilMs: at("03:00:25"),
  })
  expect(windowLookedAt({ ...looking, selectedBar: 119 }).untilMs).toBe(NOW)
})

test("where the stream alone is held, enough of it is left to compare with", () => {
  expect(windowLookedAt({ ...looking, heldSince: NOW - 40_000 })).toEqual({ fromMs: NOW - 10_000, untilMs: NOW })
})

test("a window is compared with twelve times as long before it, or the same time of the day before", () => {
  const window = { fromMs: at("03:02:00"), untilMs: at("03:07:00") }
  expect(baselineOf(window, "before")).toEqual({ fromMs: at("02:02:00"), untilMs: at("03:02:00") })
  expect(windowShown(window, NOW)).toBe("03:02 to 03:07")
  expect(windowShown(baselineOf(window, "yesterday"), NOW)).toBe("03-01 03:02 to 03:07")
  expect(windowShown({ fromMs: at("00:00:00") - 10_000, untilMs: at("00:00:05") }, NOW)).toBe(
    "03-01 23:59:50 to 03-02 00:00:05",
  )
  const days = { fromMs: NOW - 60 * HOUR, untilMs: NOW }
  expect(baselineOf(days, "before")).toEqual({ fromMs: NOW - 120 * HOUR, untilMs: NOW - 60 * HOUR })
  expect(baselineOf(days, "yesterday").untilMs).toBeLessThanOrEqual(days.fromMs + 60 * HOUR - 72 * HOUR)
})

test("what is explained are errors where their share changed, else refusals, else all requests", () => {
  const calm = { requests: 10_000, refused: 400, failed: 20 }
  expect(gravest(calm, { requests: 1_000, refused: 40, failed: 310 })).toBe("failed")
  expect(gravest(calm, { requests: 1_000, refused: 700, failed: 2 })).toBe("refused")
  // Ten times as many requests, and errors with them.
  expect(gravest(calm, { requests: 10_000, refused: 410, failed: 22 })).toBe("all")
  expect(gravest({ requests: 0, refused: 0, failed: 0 }, calm)).toBe("all")
})

test("the palette takes a window, one to compare with, and a filter", () => {
  const { window, against, filter } = changesOf(
    "2026-03-02T03:00:00Z..2026-03-02T03:05:00Z 2026-03-01..2026-03-02 method:GET",
  )
  expect(window).toEqual({ fromMs: at("03:00:00"), untilMs: at("03:05:00") })
  expect(against).toEqual({ fromMs: at("00:00:00") - 24 * HOUR, untilMs: at("00:00:00") })
  expect(filter).toBe("method:GET")
  expect(changesOf("2h..1h path:/a..b")).toMatchObject({ filter: "path:/a..b" })
  expect(() => changesOf("status:5xx")).toThrow("begin with a window")
})

test("a filter is narrowed and undone, and the selection begins anew with what is asked", () => {
  const first: ChangesState = { filter: "method:GET", steps: [], baseline: "before", of: undefined, at: 4 }
  const term = { key: "country", operator: ":", values: ["US"], negated: false } as const
  const narrowed = changesReducer(first, { type: "narrow", term })
  expect(narrowed).toMatchObject({ filter: "method:GET country:US", at: 0 })
  expect(changesReducer(narrowed, { type: "undo" })).toMatchObject({ filter: "method:GET", steps: [] })
  const against = changesReducer(first, { type: "against", baselines: ["before", "yesterday"] })
  expect(against.baseline).toBe("yesterday")
  expect(changesReducer(against, { type: "against", baselines: ["before", "yesterday"] }).baseline).toBe("before")
  expect(changesReducer(first, { type: "move", by: 1, rows: 3 }).at).toBe(2)
})
