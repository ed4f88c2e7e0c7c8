import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, onTestFinished, test } from "vitest"
import { Gateway, newStream, numbered, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import { root, temporaryDirectory } from "../support/program.ts"
import { COOKED, crashing, expectRestored, openShell, processesOn, seePrompt, startConsole } from "../support/shell.ts"
import { until } from "../support/waiting.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

/** Two seconds, and as many again for a busy machine. */
const WITHIN_2_S = { within: 4_000 }

/** The console, started from an interactive shell as an operator does. */
async function openFromShell(more: Record<string, string> = {}) {
  const stream = newStream()
  await gateway.add(stream, numbered(50))
  const terminal = await openShell({ ...operations.environment(stream), ...more })
  startConsole(terminal)
  await terminal.see("● live", "/n/49")
  return { stream, terminal }
}

async function openConsole() {
  const stream = newStream()
  await gateway.add(stream, numbered(50))
  const terminal = operations.open(stream)
  await terminal.see("● live", "/n/49")
  return { stream, terminal }
}

describe("the terminal is as it was", () => {
  test.each([
    ["q", "q"],
    ["Ctrl-C", "ctrl-c"],
  ])("after %s", async (_, key) => {
    const { terminal } = await openFromShell()
    terminal.press(key)
    await expectRestored(terminal, 0)
  })

  test("after Ctrl-C while a filter is typed, and while the help is open", async () => {
    for (const opened of ["/path:/n", "?"]) {
      const { terminal } = await openFromShell()
      terminal.type(opened)
      await terminal.see(opened === "?" ? "Help: Log" : "/ path:/n")
      terminal.press("ctrl-c")
      await expectRestored(terminal, 0)
    }
  })

  test.each(["", "--plain-output"])(
    "without data where there is no alternate screen, after leaving and Ctrl-Z %s",
    async option => {
      const stream = newStream()
      await gateway.add(stream, numbered(50))
      const terminal = await openShell({ ...operations.environment(stream), TERM: "vt100" })
      terminal.withoutAlternate()
      const isBlank = () =>
        terminal.wait(() => !/\/n\/|live|local/.test(terminal.everything), "data stays on the screen")
      startConsole(terminal, option)
      await terminal.see("/n/49")
      terminal.press("ctrl-z")
      await terminal.see("Stopped")
      await isBlank()
      terminal.type("fg\r")
      await terminal.see("/n/49")
      terminal.press("q")
      await terminal.see("ready$")
      await isBlank()
    },
  )

  test("after Ctrl-Z, and drawn whole again after fg", async () => {
    const { terminal } = await openFromShell()
    /** From the filter on: above it stand figures, which change with time. */
    const body = () =>
      terminal.rows.slice(
        terminal.rows.findIndex(row => row.includes("no filter")),
        -2,
      )
    const before = body()
    expect(before.join("")).toContain("/n/49")
    terminal.press("ctrl-z")
    await terminal.see("Stopped")
    await seePrompt(terminal)
    terminal.type("stty -a\r")
    await terminal.see(COOKED)
    terminal.type("fg\r")
    await terminal.see("● live", "/n/49")
    expect(body()).toEqual(before)
    terminal.press("k")
    await terminal.see("paused")
    terminal.press("q")
    await expectRestored(terminal, 0)
  })

  test.each(["main", "tail"] as const)(
    "after a crash of the %s thread, which says where the log file is",
    async thread => {
      const crash = join(temporaryDirectory(), "now")
      const { terminal } = await openFromShell(crashing(crash, thread))
      writeFileSync(crash, "")
      await expectRestored(terminal, 1)
      const [, path = ""] = /the details are in (\S+)/.exec(terminal.output) ?? []
      expect(readFileSync(path, "utf8")).toContain("TypeError")
      for (const text of [terminal.output, readFileSync(path, "utf8")]) expect(text).not.toContain("0123456789abcdef")
      expect(terminal.requests).toEqual([])
    },
  )
})

test("a crash of a program whose files were replaced meanwhile ends it all the same", async () => {
  const installed = temporaryDirectory()
  for (const part of ["bin", "dist", "package.json"])
    cpSync(join(root, part), join(installed, part), { recursive: true })
  const crash = join(temporaryDirectory(), "now")
  const { terminal } = await openFromShell({
    OPSDECK: join(installed, "bin/opsdeck.js"),
    ...crashing(crash, "main"),
  })
  rmSync(join(installed, "dist"), { recursive: true })
  writeFileSync(crash, "")
  await expectRestored(terminal, 1)
  expect(terminal.output).toContain("the details are in ")
})

describe.runIf(process.platform === "linux")("nothing is left behind within 2 s", () => {
  test.each(["SIGTERM", "SIGHUP", "SIGINT"])("of %s", async signal => {
    const { stream, terminal } = await openConsole()
    expect(processesOn(stream)).toEqual([terminal.process.pid])
    process.kill(terminal.process.pid, signal)
    await until(() => processesOn(stream).length === 0, WITHIN_2_S)
    await terminal.wait(() => !terminal.onAlternateScreen && terminal.cursorShown, "the screen is not restored")
  })

  test("of the terminal's end", async () => {
    const { stream, terminal } = await openConsole()
    terminal.hangUp()
    await until(() => processesOn(stream).length === 0, WITHIN_2_S)
  })
})

describe("pastes", () => {
  test("one that never ends leaves Ctrl-C working after a moment", async () => {
    const { terminal } = await openConsole()
    terminal.type("/\x1b[200~half a paste")
    const press = setInterval(() => terminal.press("ctrl-c"), 200)
    onTestFinished(() => clearInterval(press))
    const late = delay(6_000, "late", { ref: false })
    expect(await Promise.race([terminal.exited, late])).toMatchObject({ exitCode: 0 })
  })

  test("one of a megabyte into the filter keeps the console alive", async () => {
    const { stream, terminal } = await openConsole()
    terminal.type(`/\x1b[200~path:/${"x".repeat(1_000_000)}\x1b[201~`)
    await terminal.see("xxxxxxxx")
    terminal.press("esc")
    await terminal.see("no filter")
    await gateway.add(stream, [request({ path: "/afterwards" })], 50)
    await terminal.see("/afterwards")
    terminal.press("q")
    expect((await terminal.exited).exitCode).toBe(0)
  })
})
