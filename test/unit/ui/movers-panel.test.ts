import { describe, expect, test } from "vitest"
import type { DimensionKey } from "../../../src/domain/movers/dimension-keys.ts"
import type { Mover, MoversSnapshot } from "../../../src/domain/movers/movers-snapshot.ts"
import { moversPanel } from "../../../src/ui/screens/log/movers/movers-panel.ts"
import { type MoverRow, panelLines } from "../../../src/ui/screens/log/movers/movers-rows.ts"
import {
  initialMovers,
  isShown,
  type MoversAction,
  moversReducer,
  selectedAt,
} from "../../../src/ui/screens/log/movers/movers-state.ts"

const mover = (value: string): Mover => ({
  value,
  perSecond: 1,
  share: 0.1,
  refused: 0,
  failed: 0,
  p95: null,
  before: null,
  error: 0,
  count: 300,
})

const snapshot = (counts: Partial<Record<DimensionKey, number>>): MoversSnapshot => ({
  watch: { minutes: 5, sort: "rate", rows: 10 },
  perSecond: 1,
  seenSeconds: 300,
  dimensions: Object.entries(counts).map(([key, count]) => ({
    key: key as DimensionKey,
    movers: Array.from({ length: count }, (_, i) => mover(`${key} ${i}`)),
    distinct: count,
    isWhole: true,
  })),
})

/** How many rows each dimension has in so many rows. */
const rowsOf = (counts: Partial<Record<DimensionKey, number>>, height: number) =>
  panelLines(snapshot(counts), height).flatMap(line => (line.kind === "heading" ? [line.rows] : []))

describe("the lines of the panel", () => {
  test("are three of each dimension where there is little room, and scroll", () => {
    expect(rowsOf({ ip: 10, user: 10, status: 2 }, 5)).toEqual([3, 3, 2])
  })

  test("are more of each in turn, those that stand first before others, where there is more", () => {
    expect(rowsOf({ ip: 10, user: 10, status: 2 }, 3 + 8)).toEqual([3, 3, 2])
    expect(rowsOf({ ip: 10, user: 10, status: 2 }, 3 + 9)).toEqual([4, 3, 2])
    expect(rowsOf({ ip: 10, user: 10, status: 2 }, 3 + 11)).toEqual([5, 4, 2])
    expect(rowsOf({ ip: 10, user: 10, status: 2 }, 100)).toEqual([10, 10, 2])
  })

  test("leave out dimensions that nobody moves in", () => {
    expect(rowsOf({ ip: 4, user: 0 }, 10)).toEqual([4])
  })

  test("are all of one dimension where that has the panel to itself, and scroll", () => {
    const lines = panelLines(snapshot({ ip: 100, user: 10 }), 20, "ip")
    expect(lines).toHaveLength(101)
    expect(lines.flatMap(line => (line.kind === "mover" ? [line.row.key] : []))).toEqual(Array(100).fill("ip"))
    expect(panelLines(snapshot({ user: 10 }), 20, "ip")).toEqual([])
  })
})

test("two users of one name are told apart by the beginnings of their ids", () => {
  const [first, second, other] = ["8f2c1d3e", "0de10000", "b0b00000"].map(id => `${id}-0000-4000-8000-000000000009`)
  const movers = [first, second, other].map(id => mover(id as string))
  const counted = { ...snapshot({}), dimensions: [{ key: "user", movers, distinct: 3, isWhole: true } as const] }
  const names = new Map([first, second, other].map(id => [id as string, id === other ? "Bob" : "Alice"]))
  const lines = panelLines(counted, 9)
  const panel = {
    state: initialMovers,
    snapshot: counted,
    lines,
    at: -1,
    names,
    columns: 60,
    height: 9,
    isTyping: false,
    ...{ window: undefined, failure: undefined, now: 0 },
  }
  const drawn = moversPanel(panel).map(pieces => pieces.map(([text]) => text).join(""))
  expect(drawn.slice(2).map(line => line.slice(0, 16).trimEnd())).toEqual([" 8f2c… Alice", " 0de1… Alice", " Bob"])
})

const rows = (...values: string[]): MoverRow[] =>
  values.map((value, rank) => ({ key: "ip", mover: mover(value), rank }))
const doing = (...actions: MoversAction[]) => actions.reduce(moversReducer, initialMovers)

describe("the panel", () => {
  test("keeps the selection with its value while rows change places", () => {
    const { selected } = doing({ type: "move", by: 1, rows: rows("a", "b", "c") })
    expect(selectedAt(rows("b", "c", "a"), selected)).toBe(0)
  })

  test("selects what stands in the place of a value that is gone, in the same dimension", () => {
    const { selected } = doing({ type: "move", by: 2, rows: rows("a", "b", "c") })
    const users: MoverRow[] = [{ key: "user", mover: mover("u"), rank: 0 }]
    expect(selectedAt([...rows("x", "y", "z"), ...users], selected)).toBe(2)
    expect(selectedAt([...rows("x"), ...users], selected)).toBe(0)
    expect(selectedAt([], selected)).toBe(0)
  })

  test("moves within its rows, from what is selected on, also before the next is drawn", () => {
    const all = rows("a", "b", "c")
    const move = (by: number): MoversAction => ({ type: "move", by, rows: all })
    expect(doing(move(1), move(1), move(1)).selected?.value).toBe("c")
    expect(doing(move(1), move(Number.NEGATIVE_INFINITY)).selected?.value).toBe("a")
    expect(doing({ type: "move", by: 1, rows: [] }).selected).toBeUndefined()
  })

  test("holds what is selected where nothing was moved yet, and does not undo a move", () => {
    const hold: MoversAction = { type: "move", by: 0, rows: rows("a", "b") }
    expect(doing(hold).selected?.value).toBe("a")
    expect(doing({ type: "move", by: 1, rows: rows("a", "b") }, hold).selected?.value).toBe("b")
  })

  test("jumps to the first row of the next dimension and of the one before, around the ends", () => {
    const users: MoverRow[] = [{ key: "user", mover: mover("u"), rank: 0 }]
    const all = [...rows("a", "b", "c"), ...users]
    const jump = (by: 1 | -1): MoversAction => ({ type: "jump", by, rows: all })
    expect(doing({ type: "move", by: 1, rows: all }, jump(1)).selected?.value).toBe("u")
    expect(doing(jump(1), jump(1)).selected?.value).toBe("a")
    expect(doing(jump(-1)).selected?.value).toBe("u")
    expect(doing({ type: "jump", by: 1, rows: [] }).selected).toBeUndefined()
  })

  test("marks rows of one dimension, moves on, and unmarks what is marked again", () => {
    const all = [...rows("a", "b", "c"), { key: "user", mover: mover("u"), rank: 0 } as const]
    const mark = (at: number): MoversAction => ({ type: "mark", row: all[at] as MoverRow, rows: all })
    expect(doing(mark(0), mark(1))).toMatchObject({
      marked: { key: "ip", values: ["a", "b"] },
      selected: { value: "c" },
    })
    expect(doing(mark(0), mark(1), mark(0)).marked).toEqual({ key: "ip", values: ["b"] })
    expect(doing(mark(0), mark(0)).marked).toBeUndefined()
    expect(doing(mark(0), mark(3)).marked).toEqual({ key: "user", values: ["u"] })
    expect(doing(mark(0), { type: "unmark" }).marked).toBeUndefined()
  })

  test("turns an order around; another order brings its own direction", () => {
    expect(doing({ type: "reverse" })).toMatchObject({ sort: "rate", reversed: true })
    expect(doing({ type: "reverse" }, { type: "reverse" }).reversed).toBe(false)
    const refused: MoversAction = { type: "sort", sort: "refused", reversed: false }
    expect(doing({ type: "reverse" }, refused)).toMatchObject({ sort: "refused", reversed: false })
  })

  test("stands beside the log until it is hidden, and in the place of its rows while it has the keyboard", () => {
    const toggle = (isBeside: boolean): MoversAction => ({ type: "toggle", isBeside })
    expect([true, false].map(isBeside => isShown(initialMovers, isBeside))).toEqual([true, false])
    expect(doing(toggle(true))).toMatchObject({ isHidden: false, hasKeyboard: true })
    expect(isShown(doing(toggle(true), toggle(true)), true)).toBe(false)
    expect(doing(toggle(false))).toMatchObject({ hasKeyboard: true })
    expect(isShown(doing(toggle(false), toggle(false)), false)).toBe(false)
    expect(doing(toggle(true), toggle(true), { type: "switch" })).toMatchObject({ isHidden: false, hasKeyboard: true })
    expect(doing({ type: "switch" }, toggle(true))).toMatchObject({ isHidden: true, hasKeyboard: false })
  })

  test("goes through the windows, and begins again", () => {
    expect(doing({ type: "window" }).minutes).toBe(15)
    expect(doing(...Array<MoversAction>(3).fill({ type: "window" })).minutes).toBe(5)
  })
})
