import { expect, test } from "vitest"
import { show } from "../../../src/domain/safe-text.ts"
import { piece } from "../../../src/ui/widgets/line.tsx"
import { listLines, topAround } from "../../../src/ui/widgets/list.ts"

test("a list scrolls so that the selected one is in the middle, as far as there are others", () => {
  expect([-1, 0, 5, 6, 15, 19].map(selected => topAround(selected, 20, 10))).toEqual([0, 0, 0, 1, 10, 10])
  expect(topAround(3, 4, 10)).toBe(0)
})

test("a list that is cut says how much is above and below, and the chosen one is in sight", () => {
  const drawn = (chosen: number, rows: number) =>
    listLines([..."abcdefgh"], chosen, rows, (item, isChosen) => [piece(show(isChosen ? item.toUpperCase() : item))])
      .map(line =>
        line
          .map(([text]) => text)
          .join("")
          .trim(),
      )
      .join(" ")
  expect(drawn(0, 4)).toBe("A b c ↓ 5 more below")
  expect(drawn(4, 4)).toBe("d E f ↑ 3 more above, ↓ 2 more below")
  expect(drawn(7, 4)).toBe("f g H ↑ 5 more above")
  expect(drawn(7, 8)).toBe("a b c d e f g H")
  expect(drawn(7, 1)).toBe("H")
})
