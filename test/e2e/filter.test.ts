import { randomUUID } from "node:crypto"
import { expect, onTestFinished, test } from "vitest"
import { Gateway, newStream, numbered, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { range, walkToStart } from "../support/log-view.ts"
import { freshDatabase } from "../support/postgres.ts"
import { until } from "../support/waiting.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

/** The console on a stream of 20 good requests and then 10 failed ones. */
async function openConsole() {
  const stream = newStream()
  await gateway.add(stream, [...numbered(20), ...numbered(10, 20, { status: "500" })])
  const terminal = operations.open(stream)
  await terminal.see("● live", "/n/29")
  return { stream, terminal }
}

test("a mistake is marked where it is, with what was expected, and the text is kept", async () => {
  const { terminal } = await openConsole()
  terminal.press("/").type("status:5xx rsk>=0.8\r")
  await terminal.see("/ status:5xx rsk>=0.8", "did you mean risk")
  const [typed, hint] = terminal.rows.slice(terminal.rows.findIndex(row => row.startsWith(" / ")))
  expect(hint?.indexOf("^")).toBe(typed?.indexOf("rsk"))
  terminal.type(" ")
  await terminal.seeNoMore("did you mean")
  await terminal.see("/ status:5xx rsk>=0.8")
})

test("Esc keeps the filter that was, opening it again recalls it, ↑ what was typed, x drops it", async () => {
  const { terminal } = await openConsole()
  terminal.press("/").type("status:5xx\r")
  await terminal.see("10 of 30 match")
  terminal.press("/").type(" path:/nowhere")
  await terminal.see("/ status:5xx path:/nowhere", "Enter apply  Tab presets  Esc cancel")
  expect(terminal.rows.at(-1)).not.toMatch(/q (leave|close)/)
  terminal.press("esc")
  await terminal.seeNoMore("/nowhere")
  await terminal.see("/ status:5xx", "10 of 30 match")
  terminal.press("/", "up")
  await terminal.see("/ status:5xx path:/nowhere")
  await terminal.press("esc").seeNoMore("Enter apply")
  terminal.press("x")
  await terminal.see("no filter", "30 held", "/n/19")
})

test("what nothing matches says so, and how far back was looked; what matches later appears", async () => {
  const { stream, terminal } = await openConsole()
  terminal.press("/").type("status:404\r")
  await terminal.see("Nothing matches status:404", "Searched back to the start of the stream")
  await gateway.add(stream, [request({ path: "/lost", status: "404" })], 30)
  await terminal.see("/lost", "1 of 31 match")
})

test("a filter and Return in one write are taken as typed", async () => {
  const { terminal } = await openConsole()
  terminal.type("/status:5xx\r")
  await terminal.see("10 of 30 match")
  terminal.type("/\x15path:/n/1\r")
  await terminal.see("11 of 30 match")
})

test("editing keys move and delete within the text", async () => {
  const { terminal } = await openConsole()
  terminal.press("/").type("tatus:200\x1b[H").type("s\x1b[F\x7f\x7f\x7f500\r")
  await terminal.see("/ status:500", "10 of 30 match")
})

test("changing the filter under traffic neither repeats nor loses an entry", async () => {
  const stream = newStream()
  const writer = gateway.writer
  let written = 0
  const add = async () => {
    const batch = Array.from({ length: 10 }, () => {
      const status = written % 3 === 0 ? "500" : "200"
      return writer.xadd(stream, "*", ...Object.entries(request({ path: `/n/${written++}`, status })).flat())
    })
    await Promise.all(batch)
  }
  await add()
  const terminal = operations.open(stream, { columns: 100, rows: 60 })
  await terminal.see("● live")
  const traffic = setInterval(add, 20)
  onTestFinished(() => clearInterval(traffic))

  for (const filter of ["path:/n/1", "-status:5xx", "status:5xx", "status:200", `"${randomUUID()}"`, "status:5xx"]) {
    const before = written
    terminal.type(`/\x15${filter}\r`)
    await terminal.see(`/ ${filter}`, / of [\d ]+ match/)
    await until(() => written > before + 100)
  }
  clearInterval(traffic)
  const failed = range(0, written).filter(n => n % 3 === 0)
  await terminal.see(`/n/${failed.at(-1)}`)
  expect(await walkToStart(terminal)).toEqual(failed)

  terminal.press("x")
  await terminal.see("no filter", "paused", "/n/1")
  terminal.press("G")
  await terminal.see(`/n/${written - 1}`)
  expect(await walkToStart(terminal)).toEqual(range(0, written))
})
