import { describe, expect, test } from "vitest"
import { type DetailState, detailReducer, initialDetailState } from "../../../src/ui/kit/detail/detail-state.ts"

/** Lines that can be opened by their key; a dot is a line of text. */
const window = (lines: string, height = 5) => ({
  keys: [...lines].map(key => (key === "." ? undefined : key)),
  height,
})
const settle = (state: DetailState, lines: string, height?: number) =>
  detailReducer(state, { type: "settle", ...window(lines, height) })
const step = (state: DetailState, by: 1 | -1, lines: string) =>
  detailReducer(state, { type: "step", by, ...window(lines) })
const scroll = (state: DetailState, by: number, lines: string) =>
  detailReducer(state, { type: "scroll", by, ...window(lines) })
const steps = (state: DetailState, count: number, by: 1 | -1, lines: string) =>
  Array.from({ length: count }).reduce<DetailState>(at => step(at, by, lines), state)

describe("before anybody moves", () => {
  test("the first line in sight that can be opened is selected, also when one comes above it", () => {
    const first = settle(initialDetailState, "..b")
    expect(first).toMatchObject({ selected: "b", cursor: 2, top: 0 })
    expect(settle(first, ".ab")).toMatchObject({ selected: "a", cursor: 1, top: 0 })
  })

  test("nothing is selected that is not in sight, or where nothing can be opened", () => {
    expect(settle(initialDetailState, ".....a")).toMatchObject({ selected: undefined, top: 0 })
    expect(settle(initialDetailState, "")).toMatchObject({ selected: undefined, top: 0 })
  })
})

describe("moving", () => {
  const lines = "..ab......c...."

  test("goes from one line that can be opened to the next, and does not scroll for what is in sight", () => {
    expect(step(initialDetailState, 1, lines)).toMatchObject({ selected: "b", top: 0 })
    expect(steps(initialDetailState, 2, -1, "abc")).toMatchObject({ selected: "a", top: 0 })
  })

  test("reads on line by line where the next is far, without selecting what is out of sight", () => {
    expect(steps(initialDetailState, 2, 1, lines)).toMatchObject({ selected: "b", top: 1 })
    expect(steps(initialDetailState, 5, 1, lines)).toMatchObject({ selected: undefined, top: 4 })
    expect(steps(initialDetailState, 7, 1, lines)).toMatchObject({ selected: "c", cursor: 10, top: 6 })
  })

  test("reaches both ends of the text, beyond the last line that can be opened", () => {
    const end = steps(initialDetailState, 40, 1, lines)
    expect(end).toMatchObject({ selected: "c", top: 10 })
    expect(steps(end, 40, -1, lines)).toMatchObject({ selected: "a", top: 0 })
  })

  test("by pages keeps the selection in sight, on about the same row", () => {
    const page = scroll(initialDetailState, 4, "abcdefghijkl")
    expect(page).toMatchObject({ selected: "e", top: 4 })
    expect(scroll(page, Number.POSITIVE_INFINITY, "abcdefghijkl")).toMatchObject({ selected: "l", top: 7 })
    expect(scroll(page, Number.NEGATIVE_INFINITY, "abcdefghijkl")).toMatchObject({ selected: "a", top: 0 })
    expect(scroll(initialDetailState, 6, lines)).toMatchObject({ selected: "c", top: 6 })
    expect(scroll(initialDetailState, 4, lines)).toMatchObject({ selected: undefined, top: 4 })
  })

  test("whoever asked for the end stays there as lines come, above or below, until the next move", () => {
    const end = scroll(initialDetailState, Number.POSITIVE_INFINITY, "abcdefg")
    expect(settle(end, "aa.bcdefg")).toMatchObject({ selected: "g", top: 4 })
    expect(settle(end, "abcdefgh.")).toMatchObject({ selected: "h", top: 4 })
    const left = step(end, -1, "abcdefg")
    expect(settle(left, "abcdefghij")).toMatchObject({ selected: "f", top: left.top })
  })
})

describe("when the lines change", () => {
  const there = step(initialDetailState, 1, "..ab....cd")

  test("the selected line stays selected, where it stood on the screen", () => {
    expect(there).toMatchObject({ selected: "b", cursor: 3, top: 0 })
    expect(settle(there, ".....ab....cd")).toMatchObject({ selected: "b", cursor: 6, top: 3 })
  })

  test("what is nearest in sight is selected when it is gone", () => {
    expect(settle(there, "..a.....cd")).toMatchObject({ selected: "a", top: 0 })
    expect(settle(there, "......")).toMatchObject({ selected: undefined, top: 0 })
  })

  test("it stays in sight on a lower screen, and a higher one is filled", () => {
    const end = scroll(initialDetailState, Number.POSITIVE_INFINITY, "abcdefghijkl")
    expect(settle(end, "abcdefghijkl", 2)).toMatchObject({ selected: "l", top: 10 })
    expect(settle(end, "abcdefghijkl", 20)).toMatchObject({ selected: "l", top: 0 })
  })

  test("nothing changes when they do not", () => {
    expect(settle(there, "..ab....cd")).toBe(there)
  })
})
