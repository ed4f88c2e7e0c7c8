import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import type { Environment } from "../support/program.ts"
import { consoleUnder, openShell, seePrompt, startConsole } from "../support/shell.ts"
import type { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

const WHITE = "rgb:ffff/ffff/ffff"
const QUESTION = "\x1b]11;?"
/** How the keys of the two palettes begin. */
const KEY = { dark: "\x1b[38;5;80m", light: "\x1b[38;5;25m" }
/** Longer than starting takes, so that the answer is still owed when the console is left. */
const LATE_MS = 1500

async function openConsole(env: Environment, prepare: (terminal: Terminal) => void = () => {}) {
  const stream = newStream()
  await gateway.add(stream, numbered(5))
  const terminal = operations.open(stream, undefined, env)
  prepare(terminal)
  await terminal.see("● live", "/n/4")
  return terminal
}

test("the first frame does not wait for the background, and its answer changes all colours once", async () => {
  const terminal = await openConsole({}, terminal => {
    terminal.background = WHITE
    terminal.repliesAfterMs = 700
  })
  expect(terminal.output).toContain(KEY.dark)
  await terminal.wait(() => terminal.output.includes(KEY.light), "the theme did not change")
  const from = terminal.output.indexOf(KEY.light)
  terminal.press("j", "?")
  await terminal.see("Help: Log")
  expect(terminal.output.slice(from)).not.toContain(KEY.dark)
  expect(terminal.output.split(QUESTION)).toHaveLength(2)
  const cells = terminal.drawn.join("|").split("|")
  // The style of a cell: its colour stands behind the mode of 256 colours.
  expect(cells.some(cell => cell.includes(` ${xtermMode(25)} `))).toBe(true)
  expect(cells.some(cell => cell.includes(` ${xtermMode(80)} `))).toBe(false)
})

/** How a cell tells that it has a colour of the 256. */
const xtermMode = (colour: number) => `${0x2000000} ${colour}`

test.each([
  ["NO_COLOR is set", { NO_COLOR: "1" }],
  ["a theme is named", { OPSDECK_THEME: "light" }],
])("nothing is asked where %s", async (_, env) => {
  const terminal = await openConsole(env)
  terminal.press("q")
  await terminal.exited
  expect(terminal.output).not.toContain(QUESTION)
  expect(terminal.output).not.toContain(KEY.dark)
})

test("a terminal that answers nothing has the colours of COLORFGBG", async () => {
  const terminal = await openConsole({ COLORFGBG: "0;15" }, terminal => {
    terminal.repliesAfterMs = undefined
  })
  expect(terminal.output).toContain(QUESTION)
  expect(terminal.output).toContain(KEY.light)
  expect(terminal.output).not.toContain(KEY.dark)
})

test.each(["q", "SIGTERM", "SIGHUP"] as const)("an answer after %s does not come to the shell", async how => {
  const stream = newStream()
  await gateway.add(stream, numbered(5))
  const terminal = await openShell(operations.environment(stream))
  terminal.background = WHITE
  terminal.repliesAfterMs = LATE_MS
  startConsole(terminal)
  await terminal.wait(() => terminal.output.includes(QUESTION), "nothing was asked")
  if (how === "q") (await terminal.see("● live", "/n/4")).press("q")
  else process.kill(consoleUnder(terminal, stream), how)
  await seePrompt(terminal)
  terminal.type("read -t 1.5 -n 1 rest; echo rest=$rest.\r")
  await terminal.see("rest=.")
  expect(terminal.everything).not.toMatch(/11;rgb|\?1;2c/)
})
