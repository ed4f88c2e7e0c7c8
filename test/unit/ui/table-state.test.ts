import { describe, expect, test } from "vitest"
import { initialTableState, type TableState, tableReducer } from "../../../src/ui/kit/table/table-state.ts"

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `row-${from + i}`)
const height = 10
const window = { list: "all", ids: ids(0, 100), height }
const settle = (state: TableState, change: Partial<typeof window> = {}) =>
  tableReducer(state, { type: "settle", ...window, ...change })
const move = (state: TableState, by: number, change: Partial<typeof window> = {}) =>
  tableReducer(state, { type: "move", by, ...window, ...change })

const first = settle(initialTableState)
const middle = move(first, 50)

describe("the place in a list", () => {
  test("begins at the first row, and is held by that row's id", () => {
    expect(first).toMatchObject({ selected: "row-0", cursor: 0, top: 0 })
  })

  test("moves within the rows, and the screen no more than it must", () => {
    expect(move(first, 9)).toMatchObject({ selected: "row-9", top: 0 })
    expect(move(first, 10)).toMatchObject({ selected: "row-10", top: 1 })
    expect(middle).toMatchObject({ selected: "row-50", cursor: 50, top: 41 })
    expect(move(middle, -9)).toMatchObject({ selected: "row-41", top: 41 })
    expect(move(middle, -10)).toMatchObject({ selected: "row-40", top: 40 })
  })

  test("stops at both ends, however far it is moved", () => {
    expect(move(first, -1)).toBe(first)
    expect(move(middle, Number.POSITIVE_INFINITY)).toMatchObject({ selected: "row-99", top: 90 })
    expect(move(middle, Number.NEGATIVE_INFINITY)).toMatchObject({ selected: "row-0", top: 0 })
  })

  test("does not change when the rows do not", () => {
    expect(settle(middle, { ids: ids(0, 100) })).toBe(middle)
  })

  test("stays at the selected row, on its line of the screen, when rows come above it", () => {
    const after = settle(middle, { ids: ids(-3, 100) })
    expect(after).toMatchObject({ selected: "row-50", cursor: 53, top: 44 })
  })

  test("stays at the selected row when further pages come below it", () => {
    expect(settle(move(first, Number.POSITIVE_INFINITY), { ids: ids(0, 200) })).toMatchObject({
      selected: "row-99",
      top: 90,
    })
  })

  test("goes to the row in its place when the selected one is gone", () => {
    const without = (id: string) => window.ids.filter(other => other !== id)
    expect(settle(middle, { ids: without("row-50") })).toMatchObject({ selected: "row-51", cursor: 50, top: 41 })
    const last = move(first, Number.POSITIVE_INFINITY)
    expect(settle(last, { ids: without("row-99") })).toMatchObject({ selected: "row-98", cursor: 98, top: 89 })
  })

  test("begins anew in another list or order, also when the selected row is in it", () => {
    expect(settle(middle, { list: "found", ids: ids(48, 60) })).toMatchObject({ selected: "row-48", cursor: 0, top: 0 })
  })

  test("has no selection in an empty list", () => {
    expect(settle(middle, { ids: [] })).toMatchObject({ selected: undefined, cursor: 0, top: 0 })
    expect(move(settle(middle, { ids: [] }), 1, { ids: [] })).toMatchObject({ selected: undefined, cursor: 0 })
  })

  test("keeps the selected row in sight on a smaller screen, and fills a larger one", () => {
    expect(settle(middle, { height: 4 })).toMatchObject({ selected: "row-50", top: 47 })
    expect(settle(move(first, 99), { height: 40 })).toMatchObject({ selected: "row-99", top: 60 })
  })
})
