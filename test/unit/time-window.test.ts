import { expect, test } from "vitest"
import { windowsOf } from "../../src/domain/log-counts/compare.ts"
import { barsIn } from "../../src/domain/log-counts/histogram.ts"
import { lengthOf, parseWindow, windowText } from "../../src/domain/time-window.ts"

const NOW = Date.parse("2026-03-02T03:02:00Z")
const parsed = (typed: string) => windowText(parseWindow(typed, NOW))

test.each([
  ["02:00..03:00", "2026-03-02T02:00:00Z..2026-03-02T03:00:00Z"],
  ["22:00..23:30:30", "2026-03-01T22:00:00Z..2026-03-01T23:30:30Z"],
  // The end of it is still to come.
  ["03:00..03:05", "2026-03-02T03:00:00Z..2026-03-02T03:02:00Z"],
  ["3h..2h", "2026-03-02T00:02:00Z..2026-03-02T01:02:00Z"],
  ["10m..", "2026-03-02T02:52:00Z..2026-03-02T03:02:00Z"],
  ["2026-03-01T03:00:00Z..03:05", "2026-03-01T03:00:00Z..2026-03-01T03:05:00Z"],
  ["03:00..2026-03-01T03:05:00Z", "2026-03-01T03:00:00Z..2026-03-01T03:05:00Z"],
  ["2026-03-01T04:00:00+01:00..2026-03-01T03:05:00.5Z", "2026-03-01T03:00:00Z..2026-03-01T03:05:00.5Z"],
  ["2026-03-01..today", "2026-03-01T00:00:00Z..2026-03-02T00:00:00Z"],
])("%s is a window", (typed, window) => {
  expect(parsed(typed)).toBe(window)
  expect(parsed(window)).toBe(window)
})

test.each([
  ["03:00", "must be two times such as 03:00..03:05"],
  ["..03:00", "must be two times"],
  ["1h..2h", "its end is not after its beginning"],
  ["23:50..00:10", "for one over midnight, write the days"],
  ["never..now", '"never" is no time'],
  ["2026-03-03..", "in the future"],
])("%s is refused in words", (typed, says) => {
  expect(() => parsed(typed)).toThrow(says)
})

test("a comparison is with the same length before unless it says otherwise, and never with itself", () => {
  const text = (typed: { window: string; with?: string }) => windowText(windowsOf(typed, NOW).before)
  expect(text({ window: "02:00..02:10" })).toBe("2026-03-02T01:50:00Z..2026-03-02T02:00:00Z")
  expect(text({ window: "02:00..02:10", with: "01:00..02:00" })).toBe("2026-03-02T01:00:00Z..2026-03-02T02:00:00Z")
  expect(() => text({ window: "02:00..02:10", with: "01:00..02:05" })).toThrow("must not overlap")
  expect(() => text({ window: "02:00..02:10", with: "x..y" })).toThrow('"x" is no time')
})

test("bars begin at multiples of their width, are about a hundred, and never too many", () => {
  const window = { fromMs: NOW - 3_600_000 - 1, untilMs: NOW }
  expect(barsIn(window, "5m")).toEqual({ fromMs: Date.parse("2026-03-02T02:00:00Z"), untilMs: NOW, stepMs: 300_000 })
  expect(barsIn(window, undefined).stepMs).toBe(60_000)
  expect(barsIn({ fromMs: NOW - 10, untilMs: NOW }, undefined).stepMs).toBe(1000)
  expect(() => barsIn({ ...window, fromMs: NOW - 86_400_000 }, "1s")).toThrow("86400 bars, and 2000 are the most")
  const lengths = ["90s", "0s", "1", "5x", "03:00"].map(lengthOf)
  expect(lengths).toEqual([90_000, undefined, undefined, undefined, undefined])
})
