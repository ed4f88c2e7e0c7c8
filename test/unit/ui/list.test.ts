import { expect, test } from "vitest"
import { topAround } from "../../../src/ui/widgets/list.ts"

test("a list scrolls so that the selected one is in the middle, as far as there are others", () => {
  expect([-1, 0, 5, 6, 15, 19].map(selected => topAround(selected, 20, 10))).toEqual([0, 0, 0, 1, 10, 10])
  expect(topAround(3, 4, 10)).toBe(0)
})
