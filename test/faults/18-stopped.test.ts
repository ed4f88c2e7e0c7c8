import { expect } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import { COOKED, consoleUnder, expectRestored, openShell, seePrompt, startConsole } from "../support/shell.ts"
import type { Terminal } from "../support/terminal.ts"
import { MODES_AT_FIRST } from "../support/terminal-screen.ts"
import { expectDrawnAsFresh } from "./support/fresh-drawing.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)
const TIMES = sized({ short: 5, full: 50 })

scenario(
  {
    number: 18,
    title: "Stopped and continued",
    load: `Ctrl-Z and fg ${TIMES} times under a shell's job control, an entry added each time`,
    passes: "cooked while stopped; drawn whole afterwards, and equal to a fresh drawing; keys and reading go on",
    inSubset: true,
  },
  async measure => {
    const stream = newStream()
    await gateway.add(stream, numbered(50))
    const terminal = await openShell(operations.environment(stream))
    startConsole(terminal)
    await terminal.see("● live", "/n/49", "2 Dashboard")
    const modes = new Set(terminal.modes)
    let slowest = 0
    for (let time = 0; time < TIMES; time++) {
      await stop(terminal)
      await gateway.add(stream, numbered(1, 50 + time), 50 + time)
      const began = performance.now()
      terminal.type("fg\r")
      await terminal.see("● live", `/n/${50 + time}`)
      slowest = Math.max(slowest, performance.now() - began)
      expect(terminal.modes).toEqual(modes)
      await expectDrawnAsFresh(terminal, consoleUnder(terminal, stream))
      terminal.press("k")
      await terminal.see("paused")
      terminal.press("G")
      await terminal.see("● live")
    }
    measure("stopped and continued", TIMES, "times", { atLeast: TIMES })
    measure("from fg to the new entry, at most", slowest, "ms", { atMost: 2_000 })
    terminal.press("q")
    await expectRestored(terminal, 0)
  },
)

/** Leaves the console to the shell, whose terminal it is then. */
async function stop(terminal: Terminal): Promise<void> {
  terminal.press("ctrl-z")
  await terminal.see("Stopped")
  await seePrompt(terminal)
  terminal.type("clear; stty -a\r")
  await terminal.see(COOKED)
  await seePrompt(terminal)
  expect(terminal.modes).toEqual(MODES_AT_FIRST)
}
