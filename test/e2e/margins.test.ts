import { expect, test } from "vitest"
import { FIRST_MS, Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import { hasUnterm, screenAfter } from "../support/unterm.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

const COLUMNS = 160
const ROWS = 45
const MARGINS = "\x1b[?69h"
const NO_MARGINS = "\x1b[?69l"

async function openScrolling(saysMargins: boolean) {
  const stream = newStream()
  const now = Date.now() - FIRST_MS
  await gateway.add(stream, numbered(100), now - 100)
  const terminal = operations.open(stream, { columns: COLUMNS, rows: ROWS })
  terminal.saysMargins = saysMargins
  await terminal.see("● live", "/n/99", "NETWORK")
  for (let number = 100; number < 103; number++) {
    await gateway.add(stream, numbered(1, number), now + number)
    await terminal.see(`/n/${number}`)
  }
  return terminal
}

test.skipIf(!hasUnterm)("a terminal with left and right margins scrolls the log alone, beside the movers", async () => {
  const terminal = await openScrolling(true)
  await terminal.wait(() => terminal.output.includes(MARGINS), "margins were not used")
  const screen = screenAfter(terminal.output, COLUMNS, ROWS)
    .replace(/\x1b\[[\d;]*m/g, "")
    .split("\n")
  const log = screen.filter(row => /\/n\/\d/.test(row))
  expect(log.map(row => Number(/\/n\/(\d+)/.exec(row)?.[1]))).toEqual(
    Array.from({ length: log.length }, (_, index) => 103 - log.length + index),
  )
  expect(new Set(log.map(row => row.indexOf("│"))).size).toBe(1)
  terminal.press("q")
  expect(await terminal.exited).toMatchObject({ exitCode: 0 })
  const { output } = terminal
  expect(output.lastIndexOf(NO_MARGINS)).toBeGreaterThan(output.lastIndexOf(MARGINS))
})

test("any other is asked once and left without them", async () => {
  const terminal = await openScrolling(false)
  expect(terminal.output.split("\x1b[?69$p")).toHaveLength(2)
  expect(terminal.output).not.toContain(MARGINS)
})
