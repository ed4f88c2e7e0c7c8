import { describe, expect, test } from "vitest"
import type { Timeline } from "../../../src/domain/access-log-timeline.ts"
import { type BurstSearch, nextBurst } from "../../../src/ui/screens/log/zoom/burst-search.ts"
import { barsAround, type WideLevel } from "../../../src/ui/screens/log/zoom/levels.ts"

const NOW = Date.UTC(2026, 10, 28, 20, 0, 0)
const MINUTE = 60_000
const ago = (minutes: number) => NOW - minutes * MINUTE

/** Bars of a thousand requests a minute, in which as many fail as are said of a minute. */
function barsOf(from: number, until: number, barMs: number, failing: ReadonlyMap<number, number>): Timeline {
  const bars = Array.from({ length: Math.ceil((until - from) / barMs) }, (_, bar) => from + bar * barMs)
  const requests = (1000 * barMs) / MINUTE
  const failed = bars.map(at => {
    const within = [...failing].filter(([ms]) => ms >= at && ms < at + barMs).map(([, count]) => count)
    return requests / 1000 + within.reduce((sum, count) => sum + count, 0)
  })
  return { from, barMs, ok: failed.map(count => requests - count), refused: bars.map(() => 0), failed }
}

/** Walks by `[` and `]` from the newest row on. */
function walking(failing: ReadonlyMap<number, number>) {
  const state = { rowMs: NOW, visited: [] as BurstSearch["visited"], asked: [] as WideLevel[] }
  return {
    state,
    async go(by: 1 | -1) {
      state.asked = []
      const burst = await nextBurst(by, {
        rowMs: state.rowMs,
        chosen: "held",
        held: barsOf(ago(5), NOW, 5_000, failing),
        past: state.rowMs < ago(5) ? "widened" : undefined,
        visited: state.visited,
        read: async level => {
          state.asked.push(level)
          const { fromMs, untilMs, stepMs } = barsAround(level, state.rowMs, NOW, 60)
          return { timeline: barsOf(fromMs, untilMs ?? NOW, stepMs, failing), isUpToNow: untilMs === undefined }
        },
      })
      if (burst === undefined) return undefined
      // The row is the first that failed in the bar.
      state.rowMs = Math.min(...[...failing.keys()].filter(ms => ms >= burst.ms))
      if (by < 0) state.visited = [burst, ...state.visited.filter(({ ms }) => ms > burst.ms)]
      return [burst.level, Math.round((NOW - state.rowMs) / MINUTE)]
    },
  }
}

describe("bursts of errors are gone to", () => {
  const held = [ago(2), 400] as const
  // Among the requests of half an hour it is nothing.
  const small = [ago(20), 30] as const
  const hoursAgo = [ago(6 * 60), 20_000] as const
  const daysAgo = [ago(4 * 24 * 60), 400_000] as const

  test("back on wider and wider levels, and forward the way back, finest first", async () => {
    const { go, state } = walking(new Map([daysAgo, hoursAgo, small, held]))
    expect(await go(-1)).toEqual(["held", 2])
    expect(await go(-1)).toEqual(["hour", 20])
    expect(await go(-1)).toEqual(["day", 360])
    expect(await go(-1)).toEqual(["week", 4 * 24 * 60])
    expect(await go(-1)).toBeUndefined()
    expect(await go(1)).toEqual(["day", 360])
    expect(await go(1)).toEqual(["hour", 20])
    expect(await go(1)).toEqual(["held", 2])
    expect(await go(1)).toBeUndefined()
    // What is newer than the rows that are held is nowhere.
    expect(state.asked).toEqual([])
  })

  test("forward also without having come back, up to what is held", async () => {
    const { go, state } = walking(new Map([hoursAgo, held]))
    state.rowMs = ago(10 * 60)
    expect(await go(1)).toEqual(["day", 360])
    expect((await go(1))?.[1]).toBe(2)
  })
})
