import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

/** The home of somebody with a configuration of their own. */
function homeWith(configuration: unknown): string {
  const home = temporaryDirectory()
  mkdirSync(join(home, ".config/opsdeck"), { recursive: true })
  writeFileSync(join(home, ".config/opsdeck/config.json"), JSON.stringify(configuration))
  return home
}

async function openLog(env: Record<string, string>, size = { columns: 80, rows: 24 }) {
  const stream = newStream()
  await gateway.add(stream, numbered(60))
  const terminal = operations.open(stream, size, env)
  await terminal.see("● live", "/n/59", "? help")
  return terminal
}

test("at 80x24 the palette leads to somebody by name, and knows it again after a restart, as the log knows its filters", async () => {
  await addPerson(database.postgres, { username: "Bob Stone" })
  const HOME = temporaryDirectory()
  const first = await openLog({ HOME })
  first.press("/").type("path:/n/1")
  await first.see("/ path:/n/1")
  first.press("enter")
  await first.see("11 of 60 match")
  first.press(":")
  await first.see("Go to a screen, or run an action")
  first.type("users bob")
  await first.see("▌ users bob")
  first.press("enter")
  await first.see("/ bob", "Bob Stone")
  first.press("ctrl-c")
  await first.exited

  const second = await openLog({ HOME })
  second.press("/", "up")
  await second.see("/ path:/n/1", "Enter apply")
  second.press("enter")
  await second.see("11 of 60 match")
  second.press(":")
  await second.see("Go to a screen, or run an action")
  second.press("up")
  await second.see(": users bob")
  second.press("enter")
  await second.see("Bob Stone")
})

test("a key of one's own is told by the footer and the help, and works; the one before does not", async () => {
  const terminal = await openLog({ HOME: homeWith({ keys: { "log.filter": ["ctrl-f", "Z"] }, theme: "mono" }) })
  await terminal.see("^F filter")
  terminal.press("Z")
  await terminal.see("Enter apply")
  await terminal.press("esc").seeNoMore("Enter apply")
  terminal.press("?")
  await terminal.see("Help: Log", "^F Z")
  expect(terminal.output).not.toMatch(/\x1b\[3[1-6]m/)
})

test.each([
  [{ keys: { "logs.filter": "f" } }, "keys in FILE: logs.filter: no such screen; did you mean log?"],
  [{ theme: { look: "yelow" } }, "theme in FILE: look: no such style as yelow; did you mean yellow?"],
])("%j is refused in one line, with the terminal as it was", async (configuration, message) => {
  const HOME = homeWith(configuration)
  const terminal = operations.open(newStream(), undefined, { HOME })
  expect(await terminal.exited).toMatchObject({ exitCode: 2 })
  await terminal.see(message.replace("FILE", join(HOME, ".config/opsdeck/config.json")).slice(0, 100))
  expect(terminal.onAlternateScreen).toBe(false)
})

test("with the mouse the wheel scrolls and a click selects; leaving takes it back", async () => {
  const terminal = await openLog({ HOME: homeWith({ mouse: true }) })
  terminal.type("\x1b[<64;10;10M")
  await terminal.see("paused")
  const row = terminal.rows.findIndex(line => line.includes("/n/50"))
  terminal.type(`\x1b[<0;10;${row + 1}M\x1b[<0;10;${row + 1}m`)
  await terminal.wait(() => terminal.selected?.includes("/n/50") ?? false, "the click selects nothing")
  terminal.press("/").type("\x1b[<65;10;10Mpath:/n/1")
  await terminal.see("/ path:/n/1")
  terminal.press("ctrl-c")
  await terminal.exited
  expect(terminal.output.lastIndexOf("\x1b[?1000l")).toBeGreaterThan(terminal.output.lastIndexOf("\x1b[?1000h"))
})

test("z turns all times, and the clock says which they are", async () => {
  const terminal = await openLog({ TZ: "Asia/Kolkata" })
  const utc = terminal.rows.find(line => line.includes("/n/59"))
  terminal.press("k", "z")
  await terminal.see(/\d\d:\d\d:\d\d\+05:30/)
  expect(terminal.rows.find(line => line.includes("/n/59"))?.slice(0, 9)).not.toBe(utc?.slice(0, 9))
  terminal.press("z")
  await terminal.see(/\d\d:\d\d:\d\dZ/)
})
