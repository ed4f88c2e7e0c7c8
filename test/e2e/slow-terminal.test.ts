import { setTimeout as delay } from "node:timers/promises"
import { expect, test } from "vitest"
import { Gateway, newStream, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)
const BATCHES = 40
const BATCH = 60
/** Columns that no row has in common with another. */
const LETTERS = 80

const noise = (n: number) => `/n/${n}/${String.fromCharCode(97 + (n % 26)).repeat(LETTERS)}`
const batch = (from: number) => Array.from({ length: BATCH }, (_, i) => request({ path: noise(from + i) }))

test("a terminal that takes no output for a while shows the newest then, by itself, and little of what was between", async () => {
  const stream = newStream()
  await gateway.add(stream, batch(0))
  const terminal = operations.open(stream, { columns: 149, rows: 50 })
  await terminal.see("● live", `/n/${BATCH - 1}/`)
  terminal.process.pause()
  const before = terminal.output.length
  for (let from = BATCH; from <= BATCHES * BATCH; from += BATCH) {
    await gateway.add(stream, batch(from), from)
    // Every row of a frame is another: a few of them fill the pseudo-terminal.
    await delay(100)
  }
  terminal.press("?")
  expect(terminal.output).toHaveLength(before)
  terminal.process.resume()
  await terminal.see("Help: Log")
  expect(terminal.output.slice(before).split("\x1b[?2026h").length - 1).toBeLessThan(BATCHES / 2)
  terminal.press("esc")
  await terminal.see("● live", `/n/${BATCHES * BATCH + BATCH - 1}/`)
})
