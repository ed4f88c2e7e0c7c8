import { describe, expect, test } from "vitest"
import { bar, columnChart } from "../../../src/ui/widgets/chart.ts"

describe("a bar that lies", () => {
  test.each([
    [0, "    "],
    [0.0001, "▏   "],
    [0.5, "██  "],
    [0.53, "██▏ "],
    [1, "████"],
    [2, "████"],
    [Number.NaN, "    "],
  ])("%s of four columns", (share, expected) => expect(bar(share, 4)).toBe(expected))
})

describe("bars that stand", () => {
  test("are as high as the highest of them allows, and something is never nothing", () => {
    expect(columnChart([0, 1, 50, 100, 200], { rows: 2, columns: 5 })).toEqual(["    █", " ▁▄██"])
  })

  test("share the columns there are", () => {
    expect(columnChart([1, 0, 2], { rows: 1, columns: 6 })).toEqual(["▄▄  ██"])
    expect(columnChart([1, 1, 2], { rows: 1, columns: 8 })).toEqual(["▄▄▄▄▄███"])
  })

  test("are blank where there is nothing to compare", () => {
    expect(columnChart([0, 0], { rows: 2, columns: 2 })).toEqual(["  ", "  "])
  })
})
