import { expect, test } from "vitest"
import { BOOK, LOANS, type Loan, never, openBook, opened } from "../support/book-screen.ts"
import { clockAt } from "../support/clock.ts"
import { eventually, until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

test("fields, and sections that are each read by themselves", async () => {
  const { body, see } = openBook({ loans: never })
  await see("Carroll")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Book  Through the Looking-Glass                                                           reading…",
      "",
      "   id               8f2c0000-0000-4000-8000-000000000001",
      " ▌ author           Carroll",
      "   pages            280                              shelf            -",
      "   note             A book that has a note which is much longer than a row of the screen of",
      "                    anybody who reads it at night.",
      "",
      " Loans",
      "   reading…",
      "",
      " Words",
      "   Through",
      "   the",
      "   Looking-Glass",
    ]
  `)
})

test("rows, aligned, and those of a section that is part of the thing itself", async () => {
  const { body, see } = openBook({})
  await see("alice")
  await see("as of")
  expect(body().map(line => line.replace(/\d\d:\d\d:\d\d$/, "14:02:31"))).toMatchInlineSnapshot(`
    [
      " Book  Through the Looking-Glass                                                     as of 14:02:31",
      "",
      "   id               8f2c0000-0000-4000-8000-000000000001",
      " ▌ author           Carroll",
      "   pages            280                              shelf            -",
      "   note             A book that has a note which is much longer than a row of the screen of",
      "                    anybody who reads it at night.",
      "",
      " Loans",
      "   WHO          DAYS",
      "   alice          14",
      "   王小明          7",
      "   all loans",
      "",
      " Words",
      "   Through",
      "   the",
      "   Looking-Glass",
    ]
  `)
})

test("a quiet section has no heading until it has something to say", async () => {
  const { body, see } = openBook({ reviews: never })
  await see("alice")
  expect(body().join()).not.toContain("Reviews")
  const other = openBook({ reviews: async () => ["A dream."] })
  await other.see("Reviews")
  await other.see("A dream.")
})

test("a small terminal wraps what is long and scrolls the rest", async () => {
  const { body, see, press } = openBook({}, { columns: 60, rows: 10 })
  await see("id ")
  await see("10 more")
  expect(body().slice(1)).toMatchInlineSnapshot(`
    [
      "",
      "   id               8f2c0000-0000-4000-8000-000000000001",
      " ▌ author           Carroll",
      "   pages            280",
      "   shelf            -",
      "   note             A book that has a note which is much",
      "                    longer than a row of the screen of",
      "                    anybody who reads it at night.",
    ]
  `)
  press("G")
  await see("   Looking-Glass")
  expect(body().slice(1)).toMatchInlineSnapshot(`
    [
      "   WHO          DAYS",
      "   alice          14",
      "   王小明          7",
      " ▌ all loans",
      "",
      " Words",
      "   Through",
      "   the",
      "   Looking-Glass",
    ]
  `)
})

test("a name of any length pushes neither how it stands, how much is below nor the age of what was read out of sight", async () => {
  const title = "x".repeat(10_000)
  const { body, see } = openBook({ book: () => Promise.resolve({ ...BOOK, title }) }, { columns: 80, rows: 15 })
  await see("Carroll", "more", "as of")
  expect(body()[0]).toMatch(/^ Book {2}x{20,}… {2}lent +\d+ more +as of \d\d:\d\d:\d\d$/)
})

test("Enter opens what is selected, field, row or the way to all of them", async () => {
  const { see, press, body } = openBook({})
  await see("alice")
  const selected = (text: string) => until(() => body().some(line => line.startsWith(` ▌ ${text}`)))
  await selected("author")
  press("enter")
  press("j")
  await selected("alice")
  press("enter")
  press("j")
  await selected("王小明")
  press("j")
  await selected("all loans")
  press("enter")
  press("b")
  await eventually(() =>
    expect(opened).toEqual(["Carroll", "alice", "all of Through the Looking-Glass", `burnt ${BOOK.id}`]),
  )
})

test("the place is kept while another screen is in sight, though it is read anew", async () => {
  const answers = [LOANS, [{ id: "0", who: "eve", days: 1 }, ...LOANS]]
  const { see, gone, press } = openBook({ loans: () => Promise.resolve({ data: answers.shift() as Loan[] }) })
  await see("alice")
  press("j", "j")
  await see("▌ 王小明")
  press("2")
  await gone("王小明")
  press("1")
  await see("eve", "▌ 王小明")
})
