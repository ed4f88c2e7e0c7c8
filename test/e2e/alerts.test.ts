import { expect, test } from "vitest"
import { Gateway, newStream, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"

const gateway = Gateway.forTests()

/** What a gateway logs now: by the clock of the stream, which alerts go by. */
async function log(stream: string, count: number, status: string): Promise<void> {
  const pipeline = gateway.writer.pipeline()
  for (let i = 0; i < count; i++) pipeline.xadd(stream, "*", ...Object.entries(request({ status })).flat())
  await pipeline.exec()
}

/** How often the terminal was made to ring: a BEL that ends no operating system command. */
const bells = (output: string) => output.replace(/\x1b\][^\x07\x1b]*\x07/g, "").split("\x07").length - 1

const operations = new Operations(freshDatabase(), gateway)

test("a rule is typed; when it fires there is a line on every screen, the bell and a row, and a row when it is over", async () => {
  const stream = newStream()
  await log(stream, 1, "200")
  const terminal = operations.open(stream, { columns: 120, rows: 40 })
  await terminal.see("● live")
  terminal.type(":alert error% > 50 bell")
  await terminal.see("▌ alert error% > 50 bell")
  terminal.press("enter")
  await terminal.see("┌ Alerts", "▌ error% > 50 bell")
  terminal.press("esc")
  await terminal.seeNoMore("┌ Alerts")
  const quiet = terminal.rows[2]
  expect(quiet).toMatch(/^─+$/)
  terminal.press("/").type("method:TRACE\r")
  await terminal.see("/ method:TRACE")

  await log(stream, 30, "503")
  await terminal.see(/^ ▲ ALERT {2}error% > 50 bell {2}10s: \d+(\.\d)?% {2}since /m, /alert began .*: error% > 50 bell/)
  await log(stream, 60, "200")
  terminal.press("3")
  await terminal.see("Users", /^ ▲ ALERT {2}error% > 50 bell/m)
  await terminal.wait(() => terminal.rows[2] === quiet, "the alert does not end")
  terminal.press("1")
  await terminal.see(/alert began .*: error% > 50 bell \(/, /alert ended .*, after \d+s: error% > 50 bell/)
  expect(bells(terminal.output)).toBe(1)
})

test("after an id an hour ahead what arrives is counted and fires, and why its id is wrong is a row", async () => {
  const stream = newStream()
  await log(stream, 1, "200")
  const terminal = operations.open(stream, { columns: 120, rows: 40 })
  await terminal.see("● live")
  terminal.type(":alert error% > 50").press("enter")
  await terminal.see("┌ Alerts", "▌ error% > 50")
  terminal.press("esc")
  await terminal.seeNoMore("┌ Alerts")
  await gateway.writer.xadd(stream, `${Date.now() + 3_600_000}-0`, ...Object.entries(request()).flat())
  await log(stream, 22, "503")
  await terminal.see(
    /^ ▲ ALERT {2}error% > 50 {2}10s: \d+(\.\d)?% {2}since \S+, \d+s /m,
    "the log's ids are 60 min ahead of Redis's clock: requests count as they arrive",
    /● live {2}[1-9]/,
  )
})
