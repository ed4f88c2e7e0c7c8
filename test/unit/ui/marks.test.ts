import { describe, expect, test } from "vitest"
import { DeckError } from "../../../src/domain/errors.ts"
import type { Preview } from "../../../src/services/operation.ts"
import { countEffects, groupRows, isAboutRow, previewOf } from "../../../src/ui/kit/change/bulk-change-state.ts"
import { type MarksAction, marksReducer, noMarks } from "../../../src/ui/kit/table/marks.ts"

test("marks are held by row id, and dropped by it", () => {
  const reduced = (...actions: MarksAction<string>[]) => [
    ...actions.reduce(marksReducer<string>, noMarks<string>()).marked,
  ]
  const toggle = (id: string): MarksAction<string> => ({ type: "toggle", id, row: `row ${id}` })
  expect(reduced(toggle("a"), toggle("b"))).toEqual([
    ["a", "row a"],
    ["b", "row b"],
  ])
  expect(reduced(toggle("a"), toggle("b"), toggle("a"))).toEqual([["b", "row b"]])
  expect(reduced(toggle("a"), toggle("b"), { type: "drop", ids: ["b", "c"], last: [] })).toEqual([["a", "row a"]])
})

test("those that were changed together are marked again, beside what was marked since", () => {
  const toggle = (id: string): MarksAction<string> => ({ type: "toggle", id, row: `row ${id}` })
  const actions: MarksAction<string>[] = [
    ...["changed", "refused", "unreachable"].map(toggle),
    { type: "drop", ids: ["changed", "refused"], last: ["changed"] },
  ]
  const after = actions.reduce(marksReducer<string>, noMarks<string>())
  expect([...after.marked.keys()]).toEqual(["unreachable"])
  const again = marksReducer(after, { type: "again" })
  expect([...again.marked.keys()]).toEqual(["changed", "unreachable"])
  expect(again.last.size).toBe(0)
})

describe("many previews together", () => {
  const preview = (...effects: string[]): Preview => ({
    title: "Suspend",
    subject: [],
    effects,
    needsConfirmation: true,
  })
  const row = (id: string) => ({ id, label: id, input: {} })

  test("tell how many rows each effect is about, the most common first", () => {
    const { changing, unchanged, refused } = groupRows([
      previewOf(row("a"), preview("1 API key keeps working", "sessions end")),
      previewOf(row("b"), preview("sessions end")),
      previewOf(row("d"), { ...preview("nothing changes"), unchanged: true }),
      { ...row("c"), refusal: "is the last administrator" },
    ])
    expect([unchanged, refused].map(rows => rows.map(({ id }) => id))).toEqual([["d"], ["c"]])
    expect(countEffects(changing)).toEqual([
      ["sessions end", 2],
      ["1 API key keeps working", 1],
    ])
  })

  test("leave out what has to be confirmed by typing", () => {
    expect(previewOf(row("a"), { ...preview(), typed: "alice" })).toMatchObject({
      refusal: "must be confirmed individually",
    })
  })

  test("a failure that the next row would meet as well ends it", () => {
    expect(isAboutRow(new DeckError("conflict", "is deleted"))).toBe(true)
    expect(isAboutRow(new DeckError("unavailable", "PostgreSQL refused"))).toBe(false)
    expect(isAboutRow(new DeckError("forbidden", "you are no administrator any more"))).toBe(false)
  })
})
