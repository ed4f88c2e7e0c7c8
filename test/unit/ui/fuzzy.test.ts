import { expect, test } from "vitest"
import { match } from "../../../src/ui/shell/fuzzy.ts"

const marked = (typed: string, text: string) => {
  const found = match(typed, text)
  return found && [...text].map((letter, index) => (found.at.includes(index) ? letter.toUpperCase() : letter)).join("")
}
const best = (typed: string, ...texts: string[]) =>
  texts
    .flatMap(text => {
      const rank = match(typed, text)?.rank
      return rank === undefined ? [] : [{ text, rank }]
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ text }) => text)

test("the beginning before a word, a word before the beginnings of words, those before what is within, letters apart last", () => {
  expect(best("re", "other late", "more", "r each event", "mark retry", "retry", "unknown")).toEqual([
    "retry",
    "mark retry",
    "r each event",
    "more",
    "other late",
  ])
})

test("the letters that were found are told", () => {
  expect(marked("SUS", "suspend")).toBe("SUSpend")
  expect(marked("batch", "new batch")).toBe("new BATCH")
  expect(marked("nb", "new batch")).toBe("New Batch")
  expect(marked("new ba", "new batch")).toBe("NEW BAtch")
  expect(marked("neba", "new batch")).toBe("NEw BAtch")
  expect(marked("email", "e-mail")).toBe("E-MAIL")
  expect(marked("shs", "to the shell")).toBeUndefined()
  expect(marked("tsl", "to the shell")).toBe("To the SheLl")
})

test("nothing typed fits everything; what is longer than any name fits nothing, and is not pondered over", () => {
  expect(match("", "suspend")).toEqual({ rank: 0, at: [] })
  expect(match(" ", "")).toMatchObject({ at: [] })
  expect(match("a ".repeat(5000), "a ".repeat(40))).toBeUndefined()
})
