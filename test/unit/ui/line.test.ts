import { expect, test } from "vitest"
import { shown } from "../../../src/domain/safe-text.ts"
import { inverted, piece } from "../../../src/ui/widgets/line.tsx"

test("the bars of a selected row do not look empty, which inverse ones do", () => {
  const row = [piece(shown`▌1/2 `), piece(shown`███▍░░`, "look"), piece(shown` used`, "dim")]
  expect(inverted(row, 18)).toEqual([
    ["▌1/2 ", "selected"],
    ["███▍", "bar"],
    ["░░ used  ", "selected"],
  ])
})

test("the columns of a chart in a selected row are all of one look, whole ones and parts", () => {
  expect(inverted([piece(shown`in 1m ▅█▁▇ `), piece(shown`2xx`)], 14)).toEqual([
    ["in 1m ", "selected"],
    ["▅█▁▇", "bar"],
    [" 2xx", "selected"],
  ])
})
