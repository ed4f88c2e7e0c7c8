import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { Gateway, newStream, numbered, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import { Terminal } from "../support/terminal.ts"
import { findUser, readyToSuspend } from "../support/user-screens.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

/** The console of a profile called `name`, which holds the addresses and `settings`. */
async function start(name: string, settings: object, ...argv: string[]) {
  const stream = newStream()
  await gateway.add(stream, numbered(1))
  const { DATABASE_URL, REDIS_URL, GATEWAY_REDIS_URL, OPSDECK_STREAM: _, ...env } = operations.environment(stream)
  const addresses = { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, gatewayRedisUrl: GATEWAY_REDIS_URL, stream }
  const home = temporaryDirectory()
  mkdirSync(join(home, "opsdeck"))
  const file = JSON.stringify({ profiles: { [name]: { ...addresses, ...settings } } })
  writeFileSync(join(home, "opsdeck/config.json"), file, { mode: 0o600 })
  return { terminal: Terminal.opsdeck(["--profile", name, ...argv], { ...env, XDG_CONFIG_HOME: home }), stream }
}

async function open(name: string, settings: object, ...argv: string[]) {
  const console = await start(name, settings, ...argv)
  await console.terminal.see("● live", name)
  return console
}

const rows = (query: string) => asSuperuser(query, database.url)
const statusOf = async ({ id }: { id: string }) =>
  (await rows(`select status from users where id = '${id}'`))[0]?.status

async function suspend(terminal: Terminal) {
  await readyToSuspend(terminal)
  terminal.press("enter")
}

test("production is read-only until its name is typed, and every question says where it is asked", async () => {
  const person = await addPerson(database.postgres)
  const { terminal } = await open("PROD-EU", { colour: "red" })
  await terminal.see("read-only")
  await findUser(terminal, person.login)
  terminal.press("S")
  await terminal.see("suspend: read-only, ^X unlocks it")
  terminal.press("\x18")
  await terminal.see("Unlock PROD-EU")
  terminal.type("PROD-EU\r")
  await terminal.see("unlocked", "^X lock again")
  await suspend(terminal)
  await terminal.see("✓ status")
  expect(terminal.output).toContain(`Suspend ${person.login}`)
  expect(await statusOf(person)).toBe("suspended")
})

test("keys that come in one write with the one that opens a change never confirm it", async () => {
  const person = await addPerson(database.postgres)
  const { terminal } = await open("staging", {})
  await findUser(terminal, person.login)
  terminal.type("S\t\t\r\r")
  await terminal.see("What happens", "pressed before this was on the screen: ignored")
  terminal.type("\x1b[200~S\r\x1b[201~")
  await terminal.see("reason (optional)  S")
  terminal.press("esc", "esc")
  await terminal.seeNoMore("What happens")
  expect(await statusOf(person)).toBe("active")
  terminal.type(`/${person.login}\rd`)
  await terminal.see("User  ", "Organizations")
})

test("what is on the screen is red from the first paint on, and --read-only cannot be unlocked", async () => {
  const { terminal } = await open("staging", { colour: "red" }, "--read-only")
  expect(terminal.output).toMatch(/\x1b\[31m staging .*read-only[\s\S]*starting/)
  terminal.press("\x18")
  await terminal.see("unlock: opsdeck was started with --read-only")
})

test("left alone, its dialogs close, the log goes on, and the next change waits for its operator", async () => {
  const person = await addPerson(database.postgres)
  const { administrator } = operations
  const { terminal, stream } = await open("staging", { idleMinutes: 0.06 })
  await findUser(terminal, person.login)
  terminal.press("S")
  await terminal.see("What happens")
  await terminal.see("idle: dialogs were closed")
  expect(terminal.screen).not.toContain("What happens")

  terminal.press("1")
  await gateway.add(stream, [request({ path: "/while-nobody-was-there" })], 1)
  await terminal.see("● live", "/while-nobody-was-there")

  terminal.press("3")
  await terminal.see("S suspend")
  await suspend(terminal)
  await terminal.see("Continue as", "on staging")
  terminal.type("wrong\r")
  await terminal.see("sign-in refused", "can continue here")
  expect(await statusOf(person)).toBe("active")
  terminal.type(`${administrator.password}\r`)
  await terminal.see("✓ status")
  expect(await statusOf(person)).toBe("suspended")
  expect(terminal.output).not.toContain(administrator.password)
  const audit = await rows(`select metadata_json ->> 'result' as result from audit_logs
    where action = 'auth.login' order by ts desc limit 2`)
  expect(audit).toEqual([{ result: "succeeded" }, { result: "failed" }])
})

test("left alone while it waits for PostgreSQL, it signs in by itself and changes nothing before somebody is there", async () => {
  const databaseUrl = new URL(database.url)
  const upstream = Number(databaseUrl.port)
  const gone = await startTcpProxy(upstream)
  await gone.close()
  databaseUrl.port = String(gone.port)
  const { terminal } = await start("staging", { idleMinutes: 0.02, databaseUrl: databaseUrl.href })
  // It tries again 0.5, 1, 2 and 5 seconds later: by then it was left alone.
  await terminal.see("Waiting for PostgreSQL", "Trying again in 5s.")
  const proxy = await startTcpProxy(upstream, gone.port)
  onTestFinished(() => proxy.close())
  await terminal.see("Continue as", "Nothing is changed until then.")
  terminal.type(`${operations.administrator.password}\r`)
  await terminal.see("● live", "/n/0")
})
