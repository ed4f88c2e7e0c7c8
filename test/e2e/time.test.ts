import { expect, test } from "vitest"
import { FIRST_MS, Gateway, idOf, newStream, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import type { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

/** Ten requests a second until a moment ago; every other one from number 200 to 260 fails. */
const EVERY_MS = 100
const requests = Array.from({ length: 500 }, (_, n) =>
  request({ path: `/n/${n}`, status: n >= 200 && n < 260 && n % 2 === 0 ? "503" : "200" }),
)

/** The number of the request that is selected. */
const numberOf = (terminal: Terminal) => Number(/\/n\/(\d+)/.exec(terminal.selected ?? "")?.[1])

test("from a burst of errors by its bars to an entry, to what surrounds it, and back to the same place", async () => {
  const stream = newStream()
  const from = Date.now() - 52_000 - FIRST_MS
  await gateway.add(stream, requests, from, EVERY_MS)
  const terminal = operations.open(stream, { columns: 100, rows: 30 })
  const selects = (isIt: (number: number) => boolean, what: string) =>
    terminal.wait(() => isIt(numberOf(terminal)), `${what} is not selected`)
  await terminal.see("● live", "/n/499", "!!!", "? help")

  terminal.press("[")
  await selects(number => number === 200, "the first error")
  await terminal.see("paused")
  terminal.press("h")
  await selects(number => number < 200 && number >= 180, "the bar before")
  const before = numberOf(terminal)
  terminal.press("l", "l", "l")
  await selects(number => number > before + 10 && number < 260, "the third bar from there")

  terminal.press("/").type("status:503")
  await terminal.see("/ status:503", "Enter apply")
  terminal.press("enter")
  await terminal.see("/n/202", "/n/204")
  await terminal.seeNoMore("/n/203")
  terminal.press("t")
  await terminal.see("Go to a time")
  terminal.type("25:00").press("enter")
  await terminal.see("write 14:02")
  terminal
    .press("ctrl-u")
    .type(idOf(from + 230 * EVERY_MS))
    .press("enter")
  await selects(number => number === 230, "the entry")
  expect(terminal.screen).not.toContain("/n/231")

  terminal.press("enter")
  await terminal.see("c context")
  terminal.press("c")
  await terminal.see("/ no filter", "/n/229", "/n/231")
  expect(numberOf(terminal)).toBe(230)
  terminal.press("esc")
  await terminal.see("c context")
  terminal.press("esc")
  await terminal.see("/ status:503", "/n/228", "/n/232")
  await selects(number => number === 230, "the entry")
  expect(terminal.screen).not.toContain("/n/231")
})
