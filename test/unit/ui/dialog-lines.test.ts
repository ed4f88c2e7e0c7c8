import { expect, test } from "vitest"
import type { Shown } from "../../../src/domain/safe-text.ts"
import { type DialogLines, fitted } from "../../../src/ui/kit/dialog/dialog-lines.ts"
import { piece } from "../../../src/ui/widgets/line.tsx"

const lines = (text: string) => [...text].map(line => (line === "." ? [] : [piece(line as Shown)]))
/** What is drawn in so many rows, a dot for a blank one, and how far it can be scrolled. */
function drawn(all: DialogLines, rows: number, kept = { about: "", top: 0 }) {
  const { lines, lowest } = fitted(all, rows, kept)
  return [lines.map(([first]) => first?.[0] ?? ".").join(""), lowest]
}

test("what fits stands as it is", () => {
  expect(drawn(lines("ab.c"), 4)).toEqual(["ab.c", 0])
  expect(drawn({ read: lines("a.b"), below: lines("x") }, 5)).toEqual(["a.b.x", 0])
})

test("where there is little room the blank lines go first", () => {
  expect(drawn({ read: lines("a.b"), below: lines("x") }, 4)).toEqual(["a.bx", 0])
  expect(drawn({ read: lines("a.b"), below: lines("x") }, 3)).toEqual(["abx", 0])
  expect(drawn(lines("ab.c"), 3)).toEqual(["abc", 0])
})

test("what does not fit is scrolled and says how much is below; what is filled in stays in sight", () => {
  expect(drawn(lines("abcdef"), 4)).toEqual(["abc↓ PgDn: 3 more lines", 2])
  expect(drawn({ read: lines("abcdef"), below: lines("xy") }, 5)).toEqual(["ab↓ PgDn: 4 more linesxy", 3])
  expect(drawn({ read: lines("abcdef"), below: lines("xy") }, 5, { about: "", top: 1 })).toEqual([
    "bc↓ PgDn: 3 more linesxy",
    3,
  ])
  expect(drawn({ read: lines("abcdef"), below: lines("xy") }, 5, { about: "", top: 99 })).toEqual(["defxy", 3])
})

test("something else is read from its top on", () => {
  const all = { read: lines("abcdef"), below: lines("xy"), about: "results" }
  expect(drawn(all, 5, { about: "", top: 3 })).toEqual(["ab↓ PgDn: 4 more linesxy", 3])
  expect(drawn(all, 5, { about: "results", top: 3 })).toEqual(["defxy", 3])
})
