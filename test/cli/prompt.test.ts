import { spawn } from "@lydell/node-pty"
import { expect, onTestFinished, test, vi } from "vitest"
import { addAdministrator } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { starter, temporaryDirectory } from "../support/program.ts"
import { platformOn } from "./platform.ts"

const database = freshDatabase()
const platform = platformOn(database)

/** The program on a terminal of its own, and all that it wrote there. */
function onTerminal(...argv: string[]) {
  const { OPSDECK_API_KEY: _, ...env } = platform.env
  const home = temporaryDirectory()
  const terminal = spawn(process.execPath, [starter, ...argv], {
    cols: 200,
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TERM: "xterm-256color", ...env },
  })
  const seen = { text: "" }
  terminal.onData(data => {
    seen.text += data
  })
  const status = new Promise<number>(resolve => terminal.onExit(({ exitCode }) => resolve(exitCode)))
  onTestFinished(() => terminal.kill("SIGKILL"))
  return {
    seen,
    status,
    type: (text: string) => terminal.write(text),
    sees: (text: string) => vi.waitUntil(() => seen.text.includes(text), { timeout: 20_000, interval: 20 }),
  }
}

test("who has no credentials is asked for them, and the password is not echoed", async () => {
  const { login, password } = await addAdministrator(database.postgres)
  const program = onTerminal("users", "list", "--status", "active")
  await program.sees("login: ")
  program.type(`${login}\r`)
  await program.sees("password: ")
  program.type(`${password}\r`)
  expect(await program.status).toBe(0)
  expect(program.seen.text).toContain("USERNAME")
  expect(program.seen.text).not.toContain(password)
})

test("Ctrl-C at the prompt ends the command with 130", async () => {
  const program = onTerminal("users", "list", "--login", "somebody")
  await program.sees("password: ")
  program.type("\x03")
  expect(await program.status).toBe(130)
})
