import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import { opsdeck } from "../support/program.ts"
import { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

async function openConsole() {
  const stream = newStream()
  await gateway.add(stream, numbered(100))
  const terminal = operations.open(stream, { columns: 120, rows: 72 })
  await terminal.see("● live", "/n/99")
  return terminal
}

test("? lists the keys of the log and those of everywhere; Esc closes it", async () => {
  const terminal = await openConsole()
  terminal.type("/path:/n\r")
  await terminal.see("100 of 100 match")
  terminal.press("k")
  await terminal.see("paused")
  terminal.press("?")
  await terminal.see("Help: Log", "On this screen")
  for (const keys of ["/ ", "Enter", "m "]) await terminal.see(`│ ${keys}`)
  terminal.press("pagedown")
  await terminal.see("Movers, beside the log", "up to 100 movers of this dimension")
  terminal.press("pagedown")
  await terminal.see("Entry, opened from here", "the requests before and after it", "Pivot, opened from here")
  terminal.press("G")
  await terminal.see("As on other screens", "Everywhere")
  for (const keys of ["k ↑", "j ↓", "PgUp ^U", "PgDn ^D", "g Home"]) await terminal.see(`│ ${keys}`)
  for (const keys of ["? ", ": ", "q ", "^C", "^Z", "1 "]) await terminal.see(`│ ${keys}`)
  terminal.press("esc")
  await terminal.seeNoMore("Help: Log")
})

test("the way back stands in the footer where there is one, and nowhere else", async () => {
  const terminal = await openConsole()
  expect(terminal.rows.at(-1)).not.toContain("Esc back")
  terminal.press("enter")
  await terminal.see("All fields", "Esc back")
  terminal.press("esc")
  await terminal.seeNoMore("Esc back")
  terminal.press("?")
  await terminal.see("Help: Log")
  terminal.press("G")
  await terminal.see("leave opsdeck")
  expect(terminal.screen).not.toContain("back to the previous screen")
})

test("a help that is longer than the screen says so", async () => {
  const terminal = await openConsole()
  terminal.resize(80, 24).press("?")
  await terminal.see(/Help: Log, ↓ \d+ more/)
  terminal.press("G")
  await terminal.see("The key of the tab that you are in")
  await terminal.seeNoMore("more ─")
})

test("the palette finds what can be done by its name, and does it", async () => {
  const terminal = await openConsole()
  terminal.type(":oldest")
  await terminal.see("Go to a screen, or run an action", "the oldest row, and the page before it")
  terminal.press("enter")
  await terminal.see("start of the stream")
  expect(terminal.selected).toContain("/n/0")
  terminal.type(":xyz nothing")
  await terminal.see("no command matches")
  terminal.press("esc")
  await terminal.seeNoMore("Go to a screen, or run an action")
})

test("the terminal's cursor stands where one types, and is hidden elsewhere", async () => {
  const terminal = await openConsole()
  const isBehind = (text: string | undefined) =>
    terminal.wait(() => terminal.beforeCursor === text, `the cursor is not behind ${text}`)
  await isBehind(undefined)
  terminal.type("/path:/日本")
  await isBehind(" / path:/日本")
  terminal.type("\x1b[D")
  await isBehind(" / path:/日")
  terminal.press("esc")
  await isBehind(undefined)
  terminal.type(":users")
  await terminal.wait(() => terminal.beforeCursor?.endsWith("│ : users") ?? false, "the cursor is not in the palette")
  terminal.press("enter")
  await terminal.see("shown")
  await isBehind(undefined)
  terminal.type("/ali")
  await isBehind(" / ali")
})

test("a screen that does not exist is refused with the names of those that do", async () => {
  const terminal = Terminal.opsdeck(["--screen", "nonsense"], operations.environment(newStream()))
  expect((await terminal.exited).exitCode).toBe(2)
  await terminal.see(/opsdeck: --screen takes one of: log, /)
  expect(terminal.onAlternateScreen).toBe(false)
  expect(terminal.cursorShown).toBe(true)
})

test("without a terminal that can draw, the console says so in one line", async () => {
  const dumb = Terminal.opsdeck([], { ...operations.environment(newStream()), TERM: "dumb" })
  expect((await dumb.exited).exitCode).toBe(2)
  await dumb.see("opsdeck: the console needs a terminal")
  expect(dumb.rows.filter(row => row !== "")).toHaveLength(1)

  const read = Terminal.opsdeck([], { ...operations.environment(newStream()), INK_SCREEN_READER: "true" })
  expect((await read.exited).exitCode).toBe(2)
  await read.see("opsdeck: INK_SCREEN_READER is set")
  expect(read.output).toContain("everything it does is also a command, see: opsdeck --help")

  const { status, stdout, stderr } = await opsdeck([], operations.environment(newStream()))
  expect([status, stdout]).toEqual([2, ""])
  expect(stderr).toMatch(/^opsdeck: the console needs a terminal.*\n$/)
})
