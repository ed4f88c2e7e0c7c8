import fc from "fast-check"
import { expect, test } from "vitest"
import { show, width } from "../../../src/domain/safe-text.ts"
import { clauses, wrap } from "../../../src/ui/widgets/wrap.ts"

test("breaks after a space where there is one, and within a word that is too long", () => {
  expect(wrap(show("wrong credentials, or not"), 12)).toEqual(["wrong ", "credentials,", " or not"])
  expect(wrap(show(" 王王"), 3)).toEqual([" ", "王", "王"])
  expect(wrap(show("abcdefghij"), 4)).toEqual(["abcd", "efgh", "ij"])
})

test("a sentence is cut at the end of a clause", () => {
  const sentence = "open the user; of a key the organization; again goes back"
  expect(clauses(sentence, 57)).toBe(sentence)
  expect(clauses(sentence, 56)).toBe("open the user; of a key the organization")
  expect(clauses(sentence, 20)).toBe("open the user")
  expect(clauses(sentence, 3)).toBe("open the user")
})

test("where there is no room at all it still ends, a character a line", () => {
  expect(wrap(show("ab"), 0)).toEqual(["a", "b"])
  expect(wrap(show("王a"), -5)).toEqual(["王", "a"])
})

test("no line is wider than asked, and nothing is lost", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "\u738b", "e", "\u0301", "1"), maxLength: 200 })
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 40 }), (raw, columns) => {
      const shown = show(raw)
      const lines = wrap(shown, columns)
      expect(lines.join("")).toBe(shown)
      for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns)
    }),
  )
})
