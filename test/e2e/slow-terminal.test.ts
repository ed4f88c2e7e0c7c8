import { setTimeout as delay } from "node:timers/promises"
import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)
const BATCHES = 40
const BATCH = 60

test("a terminal that takes no output for a while shows the newest then, by itself, and little of what was between", async () => {
  const stream = newStream()
  await gateway.add(stream, numbered(BATCH))
  const terminal = operations.open(stream, { columns: 160, rows: 50 })
  await terminal.see("● live", `/n/${BATCH - 1}`)
  terminal.process.pause()
  const before = terminal.output.length
  for (let batch = 1; batch <= BATCHES; batch++) {
    await gateway.add(stream, numbered(BATCH, batch * BATCH), batch * BATCH)
    // Every row of a frame is another: a few of them fill the pseudo-terminal.
    await delay(100)
  }
  terminal.press("?")
  expect(terminal.output).toHaveLength(before)
  terminal.process.resume()
  await terminal.see("Help: Log")
  expect(terminal.output.slice(before).split("\x1b[?2026h").length - 1).toBeLessThan(BATCHES / 2)
  terminal.press("esc")
  await terminal.see("● live", `/n/${BATCHES * BATCH + BATCH - 1}`)
})
