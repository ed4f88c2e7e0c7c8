import { expect, onTestFinished, test } from "vitest"
import { Gateway, newStream } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addAdministrator, addPerson, type Person } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { type Environment, opsdeck } from "../support/program.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import type { Terminal } from "../support/terminal.ts"
import { openConsole, openForm, readyToSave, retype } from "../support/user-screens.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

const rows = (query: string) => asSuperuser(query, database.url)
const saved = ({ id }: Person) =>
  rows(`select action, after_state_json as after from audit_logs where target_id = '${id}' and action like 'users.%'`)

/** The form of the user of that name; `env` changes single variables. */
async function openFormOf(username: string, env: Environment = {}): Promise<Terminal> {
  const terminal = await openConsole(operations, gateway, env)
  await openForm(terminal, username)
  return terminal
}

/** Reads the changes over, and saves them. */
async function save(terminal: Terminal, reason: string): Promise<void> {
  await readyToSave(terminal, reason)
  terminal.press("enter")
}

test("what somebody else saved meanwhile is settled field by field, and nothing is overwritten unseen", async () => {
  const bob = await addPerson(database.postgres, { username: "Bob Builder", email: "bob@example.com", timezone: "UTC" })
  const terminal = await openFormOf("Bob Builder")
  retype(terminal, "Robert Builder")
  terminal.press("tab")
  retype(terminal, "bob@liddell.org")
  await terminal.see("changed: 2")

  const second = await addAdministrator(database.postgres, { username: "second" })
  const environment = { ...operations.environment(newStream()), OPSDECK_API_KEY: undefined }
  const credentials = { OPSDECK_PASSWORD: second.password }
  const theirs = ["users", "update", bob.id, "--email", "bob@corp.example", "--login", second.login]
  expect(await opsdeck(theirs, { ...environment, ...credentials })).toMatchObject({ status: 0 })

  await save(terminal, "asked for it")
  await terminal.see(
    "Somebody saved",
    second.login.slice(0, 20),
    "bob@example.com",
    "bob@corp.example",
    "bob@liddell.org",
  )
  terminal.press("y", "enter")
  await terminal.see("changed: 2", "bob@liddell.org")
  await save(terminal, "")
  await terminal.see("✓ name", "✓ e-mail", "bob@liddell.org", "Robert Builder")
  expect(await rows(`select username, email from users where id = '${bob.id}'`)).toEqual([
    { username: "Robert Builder", email: "bob@liddell.org" },
  ])
  expect(await saved(bob)).toHaveLength(2)
})

test("a connection lost before the save is told as not saved; what was typed is saved by trying again, once", async () => {
  const carol = await addPerson(database.postgres, { username: "Carol Danvers" })
  const url = new URL(database.url)
  const proxy = await startTcpProxy(Number(url.port))
  onTestFinished(() => proxy.close())
  url.port = String(proxy.port)
  const terminal = await openFormOf("Carol Danvers", { DATABASE_URL: url.href })
  retype(terminal, "Carol Marvell")
  await readyToSave(terminal)
  const cut = proxy.cut('update "users"', "unsent")
  terminal.press("enter")
  await cut
  await terminal.see("not saved")
  expect(await saved(carol)).toEqual([])
  await terminal.seeNoMore("still being read")
  terminal.press("enter")
  await terminal.see("✓ name", "Carol Marvell")
  expect(await saved(carol)).toHaveLength(1)
})
