import { expect, test } from "vitest"
import { shown } from "../../../src/domain/safe-text.ts"
import { arranged, type ColumnAction, chosenColumns, columnReducer } from "../../../src/ui/kit/table/column-state.ts"
import { piece } from "../../../src/ui/widgets/line.tsx"
import type { Column } from "../../../src/ui/widgets/table.tsx"

const cell = () => piece(shown``)
const declared: readonly Column<unknown>[] = [
  { header: shown`CODE`, width: 8, identity: true, cell },
  { header: shown`  USES`, width: 8, cell },
  { header: shown`STATE`, width: 8, cell },
]

const after = (...actions: ColumnAction[]) => actions.reduce(columnReducer, { columns: chosenColumns(declared), at: 0 })
const namesAfter = (...actions: ColumnAction[]) =>
  arranged(declared, after(...actions).columns).map(({ header }) => header.trim())

test("a column is hidden and shown again, but not the one that tells rows apart", () => {
  const down = { type: "move", by: 1 } as const
  expect(namesAfter(down, { type: "toggle" })).toEqual(["CODE", "STATE"])
  expect(namesAfter(down, { type: "toggle" }, { type: "toggle" })).toEqual(["CODE", "USES", "STATE"])
  expect(namesAfter({ type: "toggle" })).toEqual(["CODE", "USES", "STATE"])
})

test("a column moves with the selection, and stops at both ends", () => {
  const right = { type: "shift", by: 1 } as const
  expect(namesAfter(right)).toEqual(["USES", "CODE", "STATE"])
  expect(after(right, right, right)).toMatchObject({
    at: 2,
    columns: [{ name: "USES" }, { name: "STATE" }, { name: "CODE" }],
  })
  expect(namesAfter({ type: "shift", by: -1 })).toEqual(["CODE", "USES", "STATE"])
})

test("the declared columns come back", () => {
  const reset = { type: "reset", declared: chosenColumns(declared) } as const
  expect(namesAfter({ type: "shift", by: 1 }, { type: "move", by: -1 }, { type: "toggle" }, reset)).toEqual([
    "CODE",
    "USES",
    "STATE",
  ])
})

test("a choice holds as far as it fits the columns there are", () => {
  const choice = { order: ["STATE", "GONE", "STATE", "CODE"], hidden: ["CODE", "GONE"] }
  expect(chosenColumns(declared, choice)).toEqual([
    { name: "STATE", isShown: true, isFixed: false },
    { name: "CODE", isShown: true, isFixed: true },
    { name: "USES", isShown: true, isFixed: false },
  ])
})
