import { describe, expect, test } from "vitest"
import { type Bounds, initialLogState, type LogState, logReducer } from "../../../src/ui/screens/log/log-state.ts"

const bounds = (start: number, end: number, generation = 0): Bounds => ({
  generation,
  filter: "",
  start,
  end,
  newest: end,
  seen: end,
  stayedAt: null,
})
const height = 10
const at = (state: LogState, action: Parameters<typeof logReducer>[1]) => logReducer(state, action)
const following = logReducer(initialLogState(height), { type: "settle", height, bounds: bounds(0, 100) })

describe("the place in the log", () => {
  test("follows the newest row, which is the selected one", () => {
    expect(following).toMatchObject({ following: true, cursor: 99, top: 90 })
    expect(at(following, { type: "settle", height, bounds: bounds(0, 150) })).toMatchObject({ cursor: 149, top: 140 })
  })

  test("any movement up pauses, and remembers how much had been seen", () => {
    const paused = at(following, { type: "move", by: -1, height, bounds: bounds(0, 120) })
    expect(paused).toMatchObject({ following: false, cursor: 118, top: 110, pausedAtSeen: 120, pausedAtNewest: 120 })
  })

  test("movement down while following changes nothing", () => {
    expect(at(following, { type: "move", by: 1, height, bounds: bounds(0, 100) })).toEqual(following)
  })

  test("while paused new rows move neither cursor nor screen", () => {
    const paused = at(following, { type: "move", by: -3, height, bounds: bounds(0, 100) })
    expect(at(paused, { type: "settle", height, bounds: bounds(0, 5000) })).toMatchObject({ cursor: 96, top: 90 })
  })

  test("the cursor stays with what is held when the ring drops rows", () => {
    const paused = at(following, { type: "oldest", height, bounds: bounds(0, 100) })
    expect(at(paused, { type: "settle", height, bounds: bounds(40, 300) })).toMatchObject({ cursor: 40 })
  })

  test("at the oldest row the note before it comes into sight", () => {
    const oldest = at(following, { type: "oldest", height, bounds: bounds(0, 100) })
    expect(oldest).toMatchObject({ cursor: 0, top: -1 })
    const down = at(oldest, { type: "move", by: height, height, bounds: bounds(0, 100) })
    expect(down).toMatchObject({ cursor: 10, top: 1 })
  })

  test("fewer rows than fit leave room for the note", () => {
    expect(logReducer(initialLogState(height), { type: "settle", height, bounds: bounds(0, 4) })).toMatchObject({
      top: -1,
    })
  })

  test("resume and a new filter both go live", () => {
    const paused = at(following, { type: "move", by: -5, height, bounds: bounds(0, 100) })
    expect(at(paused, { type: "resume", height, bounds: bounds(0, 200) })).toMatchObject({
      following: true,
      cursor: 199,
    })
    expect(at(paused, { type: "settle", height, bounds: bounds(-30, 2, 1) })).toMatchObject({
      following: true,
      cursor: 1,
    })
  })

  test("a smaller screen keeps the cursor in sight", () => {
    const paused = at(following, { type: "move", by: -1, height, bounds: bounds(0, 100) })
    expect(at(paused, { type: "settle", height: 4, bounds: bounds(0, 100) })).toMatchObject({ cursor: 98, top: 95 })
  })

  test("a filter that was to stay at an entry brings it to the row of the screen that was selected, once", () => {
    const paused = at(following, { type: "move", by: -3, height, bounds: bounds(0, 100) })
    expect(paused).toMatchObject({ cursor: 96, top: 90 })
    const found = { ...bounds(-400, 20, 1), stayedAt: -200 }
    const brought = at(paused, { type: "settle", height, bounds: found })
    expect(brought).toMatchObject({
      following: false,
      cursor: -200,
      top: -206,
      pausedAtSeen: 100,
      pausedAtNewest: -196,
    })
    const moved = at(brought, { type: "move", by: -1, height, bounds: found })
    expect(moved).toMatchObject({ following: false, cursor: -201, top: -206 })
    expect(at(moved, { type: "resume", height, bounds: found })).toMatchObject({ following: true, cursor: 19 })
  })

  test("what is new while paused is counted from when another filter was set", () => {
    const paused = at(following, { type: "move", by: -3, height, bounds: bounds(0, 100) })
    const other = { ...bounds(-400, 20, 1), filter: "ua:bot", seen: 130, stayedAt: -200 }
    const brought = at(paused, { type: "settle", height, bounds: other })
    expect(brought).toMatchObject({ following: false, cursor: -200, pausedAtSeen: 130, pausedAtNewest: 20 })
    const back = at(brought, { type: "settle", height, bounds: { ...other, generation: 2, stayedAt: -100 } })
    expect(back).toMatchObject({ cursor: -100, pausedAtSeen: 130, pausedAtNewest: 120 })
  })

  test("what is new is counted among the matches of the live log, also where a filter stays at an entry of the past", () => {
    const paused = at(following, { type: "move", by: -3, height, bounds: bounds(0, 100) })
    const past = { ...bounds(-1e9 - 50, -1e9 + 50, 1), filter: "ua:bot", newest: 20, seen: 130, stayedAt: -1e9 }
    const brought = at(paused, { type: "settle", height, bounds: past })
    expect(brought).toMatchObject({ following: false, cursor: -1e9, pausedAtSeen: 130, pausedAtNewest: 20 })
    const again = { ...past, generation: 2, newest: 8, seen: 150 }
    const back = at(brought, { type: "settle", height, bounds: again })
    expect(back).toMatchObject({ cursor: -1e9, pausedAtSeen: 150, pausedAtNewest: 8 })
    const live = { ...bounds(-400, 30, 3), filter: "ua:bot", seen: 170, stayedAt: -5 }
    expect(at(back, { type: "settle", height, bounds: live })).toMatchObject({ pausedAtSeen: 170, pausedAtNewest: 30 })
  })

  test("going to a row that was found pauses, with it in the middle of the screen unless it is in sight", () => {
    const far = at(following, { type: "goTo", ordinal: 40, height, bounds: bounds(0, 120) })
    expect(far).toMatchObject({ following: false, cursor: 40, top: 35, pausedAtSeen: 120, pausedAtNewest: 120 })
    expect(at(far, { type: "goTo", ordinal: 44, height, bounds: bounds(0, 130) })).toMatchObject({
      cursor: 44,
      top: 35,
    })
  })

  test("a row near the oldest one leaves no more room above than for the note", () => {
    const near = at(following, { type: "goTo", ordinal: 2, height, bounds: bounds(0, 100) })
    expect(near).toMatchObject({ cursor: 2, top: -1 })
  })

  test("a row that was found before the newest snapshot reaches it is gone to all the same", () => {
    const gone = at(following, { type: "goTo", ordinal: -300, height, bounds: bounds(0, 100) })
    expect(at(gone, { type: "settle", height, bounds: bounds(-1000, 100) })).toMatchObject({ cursor: -300, top: -305 })
  })

  test("a place that opens at an entry has it in the middle of the screen, and counts from then on what is new", () => {
    const found = { ...bounds(-400, 20, 1), stayedAt: -200 }
    expect(logReducer(initialLogState(height), { type: "settle", height, bounds: found })).toMatchObject({
      following: false,
      cursor: -200,
      top: -205,
      pausedAtNewest: 20,
    })
  })
})
