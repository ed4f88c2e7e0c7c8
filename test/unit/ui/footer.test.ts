import { expect, test } from "vitest"
import { show } from "../../../src/domain/safe-text.ts"
import { saidLines } from "../../../src/ui/shell/footer.tsx"
import { type Piece, piece } from "../../../src/ui/widgets/line.tsx"

const said = (columns: number, ...pieces: Piece[]) =>
  saidLines(pieces, columns, 2).map(line =>
    line
      .map(([text]) => text)
      .join("")
      .trimEnd(),
  )
const steps = ["✓ status  ", "✓ sessions  ", "✓ 3 codes off  "].map(text => piece(show(text), "good"))

test("a message stands in one row where it fits, else in two, broken between its parts", () => {
  expect(said(40, ...steps)).toEqual(["✓ status  ✓ sessions  ✓ 3 codes off"])
  expect(said(25, ...steps)).toEqual(["✓ status  ✓ sessions", "✓ 3 codes off"])
})

test("a part that is longer than a row is broken between its words", () => {
  expect(said(20, piece(show("nothing here has the text that is searched for")))).toEqual([
    "nothing here has",
    "the text that is se…",
  ])
})

test("of what is too long for both rows, that comes first which asks for something", () => {
  const owed = piece(show("▲ Redis: refused  "), "act")
  expect(said(18, ...steps, owed)).toEqual(["▲ Redis: refused", "✓ status  ✓ sessi…"])
})

test("where the keys have to stay in sight it is one row", () => {
  const owed = piece(show("▲ Redis: refused  "), "act")
  const [line = [], ...others] = saidLines([...steps, owed], 30, 1)
  expect(line.map(([text]) => text).join("")).toBe("▲ Redis: refused  ✓ status  ✓…")
  expect(others).toEqual([])
})
