import { spawn } from "@lydell/node-pty"
import { describe, expect, onTestFinished, test } from "vitest"
import { addAdministrator, addPerson } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { starter, temporaryDirectory } from "../support/program.ts"
import { until } from "../support/waiting.ts"
import { platformOn } from "./platform.ts"

const database = freshDatabase()
const platform = platformOn(database)

/** The program on a terminal of its own, and all that it wrote there. */
function onTerminal(argv: readonly string[], { signedIn = false } = {}) {
  const { OPSDECK_API_KEY, ...rest } = platform.env
  const env = signedIn ? { ...rest, OPSDECK_API_KEY } : rest
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
    sees: (text: string) => until(() => seen.text.includes(text)),
  }
}

test("who has no credentials is asked for them, and the password is not echoed", async () => {
  const { login, password } = await addAdministrator(database.postgres)
  const program = onTerminal(["users", "list", "--status", "active"])
  await program.sees("login: ")
  program.type(`${login}\r`)
  await program.sees("password: ")
  program.type(`${password}\r`)
  expect(await program.status).toBe(0)
  expect(program.seen.text).toContain("USERNAME")
  expect(program.seen.text).not.toContain(password)
})

test("Ctrl-C at the prompt ends the command with 130", async () => {
  const program = onTerminal(["users", "list", "--login", "somebody"])
  await program.sees("password: ")
  program.type("\x03")
  expect(await program.status).toBe(130)
})

const statusOf = async ({ id }: { id: string }) =>
  (await asSuperuser(`select status from users where id = '${id}'`, database.url))[0]?.status

/** What the line editor writes to place its cursor. */
const MOVES = /\x1b\[\d+[GJ]/g

describe("a change that asks first", () => {
  const suspending = async () => {
    const person = await addPerson(database.postgres, { username: "Alice\x1b[2J" })
    const program = onTerminal(["users", "update", person.id, "--status", "suspended"], { signedIn: true })
    await program.sees("[y/N] ")
    return { person, program, statusOf: () => statusOf(person) }
  }
  const deleting = async () => {
    const person = await addPerson(database.postgres)
    const program = onTerminal(["users", "delete", person.id], { signedIn: true })
    await program.sees(`type ${person.login} to confirm: `)
    return { person, program }
  }

  test("says what will happen, and does it on y", async () => {
    const { person, program, statusOf } = await suspending()
    const lines = program.seen.text.split("\r\n")
    expect(lines.map(line => line.replaceAll(MOVES, ""))).toEqual([
      `Suspend ${person.login} on local`,
      `  Alice\\x1b[2J · ${person.login}@example.com · ${person.login} (member)`,
      "  - sign-in blocked; all sessions revoked",
      `Suspend ${person.login} on local? [y/N] `,
    ])
    program.type("y\r")
    expect(await program.status).toBe(0)
    expect(await statusOf()).toBe("suspended")
  })

  test.each(["n\r", "\r", "yikes\r", "\x04", "\x03"])("changes nothing on %j", async typed => {
    const { program, statusOf } = await suspending()
    program.type(typed)
    expect(await program.status).toBe(130)
    expect(await statusOf()).toBe("active")
  })

  test("says that nothing was changed where the answer is no", async () => {
    const { program } = await suspending()
    program.type("n\r")
    await program.sees("\r\nopsdeck: nothing was changed\r\n")
  })

  test("wants the login typed before it deletes", async () => {
    const { person, program } = await deleting()
    program.type(`${person.login}\r`)
    expect(await program.status).toBe(0)
    expect(await statusOf(person)).toBe("deleted")
  })

  test.each(["y\r", "yes\r", "\r", "\x04"])("deletes nobody on %j", async typed => {
    const { person, program } = await deleting()
    program.type(typed)
    expect(await program.status).toBe(130)
    expect(await statusOf(person)).toBe("active")
  })
})
