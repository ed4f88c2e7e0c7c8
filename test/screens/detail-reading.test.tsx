import { expect, test } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { LOANS, type Loan, never, openBook } from "../support/book-screen.ts"
import { clockAt } from "../support/clock.ts"

clockAt("2026-11-22T14:02:31Z")

test("while it is read nothing can be done to it", async () => {
  const { body, see, footer } = openBook({ book: never })
  await see("reading")
  expect(body()).toEqual([" Book", "", "   reading…"])
  expect(footer()).toBe(" ^R refresh  Esc back  ? help  : palette  q close")
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
