import { expect, test } from "vitest"
import { z } from "zod"
import { DeckError } from "../../src/domain/errors.ts"
import { show, shown } from "../../src/domain/safe-text.ts"
import { defineOperation } from "../../src/services/operation.ts"
import { defineDetail } from "../../src/ui/kit/detail/detail.tsx"
import { reading, readingRows, tableSection, textSection } from "../../src/ui/kit/detail/detail-section.ts"
import { piece } from "../../src/ui/widgets/line.tsx"
import { clockAt } from "../support/clock.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { eventually, until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

interface Book {
  id: string
  title: string
  author: string
  note: string
}
interface Loan {
  id: string
  who: string
  days: number
}

const fake = <Answer,>(word: string) =>
  defineOperation({
    words: [word],
    summary: word,
    input: z.object({ id: z.string() }),
    answer: z.custom<Answer>(),
    run: () => Promise.reject(new Error("the deck of this test answers")),
  })
const showBook = fake<Book>("book")
const listLoans = fake<{ data: Loan[] }>("loans")
const opened: string[] = []

const bookScreen = defineDetail({
  id: "book",
  title: "Book",
  summary: "one book",
  source: reading(showBook, (params: { id: string }) => params),
  name: book => [piece(show(book.title), "strong"), ...(book.title.length > 100 ? [piece(shown`  lent`)] : [])],
  fields: book => [
    { label: shown`id`, value: show(book.id) },
    { label: shown`author`, value: show(book.author), open: () => void opened.push(book.author) },
    { label: shown`pages`, value: shown`280` },
    { label: shown`shelf`, value: shown`` },
    { label: shown`note`, value: show(book.note) },
  ],
  sections: [
    tableSection({
      heading: shown`Loans`,
      source: readingRows(listLoans, (book: Book) => ({ id: book.id })),
      columns: [
        { header: shown`WHO`, width: 10, cell: (loan: Loan) => piece(show(loan.who)) },
        { header: shown`DAYS`, width: 6, align: "right", cell: loan => piece(shown`${loan.days}`) },
      ],
      rowKey: loan => loan.id,
      open: loan => void opened.push(loan.who),
      empty: shown`Nobody has borrowed it.`,
      all: { label: shown`all loans`, open: book => void opened.push(`all of ${book.title}`) },
    }),
    textSection({
      heading: shown`Words`,
      source: (book: Book) => book.title.split(" "),
      lines: words => words.map(word => ({ pieces: [piece(shown`   `), piece(show(word))] })),
    }),
  ],
  bindings: [
    { keys: ["b"], label: "burn", footer: true, run: ({ subject }) => void opened.push(`burnt ${subject.id}`) },
  ],
})

const BOOK: Book = {
  id: "8f2c0000-0000-4000-8000-000000000001",
  title: "Through the Looking-Glass",
  author: "Carroll",
  note: "A book that has a note which is much longer than a row of the screen of anybody who reads it at night.",
}
const LOANS: Loan[] = [
  { id: "1", who: "alice", days: 14 },
  { id: "2", who: "王小明", days: 7 },
]

interface Answers {
  book?: () => Promise<Book>
  loans?: () => Promise<{ data: Loan[] }>
}

/** The screen of a book over a deck that gives `answers`; `o` opened it from the first of two tabs. */
function openBook(answers: Answers, { columns = 100, rows = 25 } = {}) {
  opened.length = 0
  const { book = () => Promise.resolve(BOOK), loans = () => Promise.resolve({ data: LOANS }) } = answers
  const run = (operation: unknown) => (operation === showBook ? book() : loans()) as Promise<unknown>
  const first = opening(shell => shell.push(bookScreen, { id: BOOK.id }))
  const second = { ...opening(() => {}), id: "second", tabKey: "2" }
  const terminal = openConsole([first, second], { run }, { columns, rows })
  terminal.press("o")
  return { ...terminal, footer: () => terminal.lines().at(-1) }
}

const never = () => new Promise<never>(() => {})

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

test("a small terminal wraps what is long and scrolls the rest", async () => {
  const { body, see, press } = openBook({}, { columns: 60, rows: 10 })
  await see("id ")
  await see("10 more below")
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

test("a name of any length pushes neither how it stands nor how much is below out of sight", async () => {
  const title = "x".repeat(10_000)
  const { body, see } = openBook({ book: () => Promise.resolve({ ...BOOK, title }) }, { columns: 80, rows: 15 })
  await see("Carroll", "more below")
  expect(body()[0]).toMatch(/^ Book {2}x{20,}… {2}lent +\d+ more below/)
})

test("while it is read nothing can be done to it", async () => {
  const { body, see, footer } = openBook({ book: never })
  await see("reading")
  expect(body()).toEqual([" Book", "", "   reading…"])
  expect(footer()).toBe(" ^R refresh  Esc back  ? help  : palette  q leave")
})

test("what failed says why and the trace, and leaves the other sections alone", async () => {
  const failure = new DeckError("forbidden", "you may not see loans", { traceId: "7d1e" })
  const { body, see } = openBook({ loans: () => Promise.reject(failure) })
  await see("7d1e")
  expect(body().slice(7)).toMatchInlineSnapshot(`
    [
      "",
      " Loans",
      "   ▲ you may not see loans",
      "   ^R tries again. trace 7d1e",
      "",
      " Words",
      "   Through",
      "   the",
      "   Looking-Glass",
    ]
  `)
})

test("nothing there is no thing", async () => {
  const { body, see } = openBook({ book: () => Promise.reject(new DeckError("not_found", "there is no such book")) })
  await see("no such")
  expect(body()).toEqual([" Book", "", "   ▲ there is no such book", "   ^R tries again."])
})

test("an empty section says what is not there", async () => {
  const { see } = openBook({ loans: () => Promise.resolve({ data: [] }) })
  await see("Nobody has borrowed it.")
})

test("what cannot be read again stays, with its age and the reason", async () => {
  const answers = [() => Promise.resolve({ data: LOANS }), () => Promise.reject(new DeckError("forbidden", "not now"))]
  const { body, see, press } = openBook({ loans: () => (answers.shift() as () => Promise<{ data: Loan[] }>)() })
  await see("alice")
  press("ctrl-r")
  await see("not now")
  expect(body().find(line => line.includes("Loans"))).toMatch(/^ Loans {2}▲ as of \d\d:\d\d:\d\d, \ds ago: not now$/)
  await see("alice")
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
