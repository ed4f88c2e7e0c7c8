import { onTestFinished, test } from "vitest"
import { Gateway, newStream, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

test("under heavy traffic every key is taken, and the log keeps up", async () => {
  const stream = newStream()
  let written = 0
  const add = async () => {
    const batch = Array.from({ length: 40 }, () =>
      gateway.writer.xadd(stream, "*", ...Object.entries(request({ path: `/n/${written++}` })).flat()),
    )
    await Promise.all(batch)
  }
  await add()
  const terminal = operations.open(stream, { columns: 160, rows: 50 })
  await terminal.see("● live")
  const traffic = setInterval(add, 20)
  onTestFinished(() => clearInterval(traffic))
  for (let round = 0; round < 15; round++) {
    terminal.press("k")
    await terminal.see("paused")
    terminal.press("?")
    await terminal.see("Help: Log")
    terminal.press("esc")
    await terminal.seeNoMore("Help: Log")
    terminal.press("G")
    await terminal.see("● live")
  }
  clearInterval(traffic)
  await terminal.see(`/n/${written - 1}`)
})
