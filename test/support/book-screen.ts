import { z } from "zod"
import { show, shown } from "../../src/domain/safe-text.ts"
import { defineOperation } from "../../src/services/operation.ts"
import { defineDetail } from "../../src/ui/kit/detail/detail.tsx"
import { reading, readingRows, tableSection, textSection } from "../../src/ui/kit/detail/detail-section.ts"
import { piece } from "../../src/ui/widgets/line.tsx"
import { openConsole, opening } from "./test-console.tsx"

interface Book {
  id: string
  title: string
  author: string
  note: string
}

export interface Loan {
  id: string
  who: string
  days: number
}

const fake = <Answer>(word: string) =>
  defineOperation({
    words: [word],
    summary: word,
    input: z.object({ id: z.string() }),
    answer: z.custom<Answer>(),
    run: () => Promise.reject(new Error("the deck of this test answers")),
  })

const showBook = fake<Book>("book")
const listReviews = fake<readonly string[]>("reviews")
const listLoans = fake<{ data: Loan[] }>("loans")

/** What was opened or done on the screen of the newest book. */
export const opened: string[] = []

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
    {
      heading: shown`Reviews`,
      isQuiet: true,
      source: reading(listReviews, (book: Book) => ({ id: book.id })),
      lines: reviews => (reviews as readonly string[]).map(review => ({ pieces: [piece(show(review))] })),
    },
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

export const BOOK: Book = {
  id: "8f2c0000-0000-4000-8000-000000000001",
  title: "Through the Looking-Glass",
  author: "Carroll",
  note: "A book that has a note which is much longer than a row of the screen of anybody who reads it at night.",
}

export const LOANS: Loan[] = [
  { id: "1", who: "alice", days: 14 },
  { id: "2", who: "王小明", days: 7 },
]

interface Answers {
  book?: () => Promise<Book>
  loans?: () => Promise<{ data: Loan[] }>
  reviews?: () => Promise<readonly string[]>
}

/** The screen of a book over a deck that gives `answers`; `o` opened it from the first of two tabs. */
export function openBook(answers: Answers, { columns = 100, rows = 25 } = {}) {
  opened.length = 0
  const { book = () => Promise.resolve(BOOK), loans = () => Promise.resolve({ data: LOANS }) } = answers
  const { reviews = () => Promise.resolve([]) } = answers
  const run = (operation: unknown): Promise<unknown> =>
    operation === showBook ? book() : operation === listReviews ? reviews() : loans()
  const first = opening(shell => shell.push(bookScreen, { id: BOOK.id }))
  const second = { ...opening(() => {}), id: "second", tabKey: "2" }
  const terminal = openConsole([first, second], { run }, { columns, rows })
  terminal.press("o")
  return { ...terminal, footer: () => terminal.lines().at(-1) }
}

/** An answer that does not come. */
export const never = () => new Promise<never>(() => {})
