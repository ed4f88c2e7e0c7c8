import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { numbersOn, range, walkToStart } from "../support/log-view.ts"
import { freshDatabase } from "../support/postgres.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

test("going up pauses: what is read stays, what comes is counted, G and End resume", async () => {
  const stream = newStream()
  await gateway.add(stream, numbered(100))
  const terminal = operations.open(stream)
  await terminal.see("/n/99", "100 held")
  for (const [resume, first] of [
    ["G", 100],
    ["end", 150],
  ] as const) {
    terminal.press("k")
    await terminal.see("paused  0 new")
    const read = numbersOn(terminal)
    await gateway.add(stream, numbered(50, first), first)
    await terminal.see("paused  50 new")
    expect(numbersOn(terminal)).toEqual(read)
    terminal.press(resume)
    await terminal.see("● live", `/n/${first + 49}`)
    expect(terminal.selected).toContain(`/n/${first + 49}`)
  }
})

test("j, k, arrows and pages move the selected row; coming down to the newest does not resume", async () => {
  const stream = newStream()
  await gateway.add(stream, numbered(100))
  const terminal = operations.open(stream)
  await terminal.see("/n/99", "● live")
  const selects = async (key: string, number: number) => {
    terminal.press(key)
    await terminal.wait(() => terminal.selected?.endsWith(`/n/${number}`) ?? false, `${key} did not lead to ${number}`)
  }
  await selects("k", 98)
  await selects("up", 97)
  await selects("j", 98)
  await selects("down", 99)
  await selects("j", 99)
  await terminal.see("paused")
  await selects("kkk", 96)
  await selects("jj", 98)
  const page = numbersOn(terminal).length - 1
  await selects("pageup", 98 - page)
  await selects("pageup", 98 - page * 2)
  await selects("pagedown", 98 - page)
  await selects("g", 0)
  await terminal.see("start of the stream")
  await selects("home", 0)
})

test("going up reads the stream back to its start, with nothing missing and nothing repeated", async () => {
  const stream = newStream()
  await gateway.add(stream, numbered(3000), 0, 300)
  const terminal = operations.open(stream, { columns: 100, rows: 60 })
  await terminal.see("/n/2999", "● live")
  await gateway.add(stream, numbered(20, 3000), 900_000)
  await terminal.see("/n/3019")
  expect(await walkToStart(terminal)).toEqual(range(0, 3020))
})

test("with a filter as well", async () => {
  const stream = newStream()
  const every7th = (n: number) => ({ status: n % 7 === 0 ? "500" : "200" })
  const requests = numbered(3000).map((request, n) => ({ ...request, ...every7th(n) }))
  await gateway.add(stream, requests, 0, 300)
  const terminal = operations.open(stream)
  await terminal.see("/n/2999", "● live")
  terminal.press("/").type("status:5xx\r")
  await terminal.see(/\d+ of [\d ]+ match/, "/n/2996")
  expect(await walkToStart(terminal)).toEqual(range(0, 3000).filter(n => n % 7 === 0))
})
