import { randomUUID } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Redis } from "ioredis"
import { expect, onTestFinished } from "vitest"
import { startRedisServer } from "../../src/demo/redis-server.ts"
import { newStream } from "../support/access-log.ts"
import { addAdministrator, addApiKey } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { type Environment, opsdeck, temporaryDirectory } from "../support/program.ts"
import { crashing } from "../support/shell.ts"
import { startPretender } from "../support/smtp.ts"
import { Terminal } from "../support/terminal.ts"
import { scenario } from "./support/scenario.ts"

const database = freshDatabase()
const sql = (query: string) => asSuperuser(query, database.url)
const canary = () => `canary-${randomUUID()}`

scenario(
  {
    number: 25,
    title: "A canary in every secret",
    load: "URLs of PostgreSQL and Redis, API key, login's password, mail server's password, redemption codes; wrong passwords, malformed URLs, servers away, broken configurations, a damaged database, refused mails, doctor, crashes; with DEBUG and NODE_DEBUG set",
    passes:
      "found nowhere: screen, standard error, log file, crash report, process arguments, audit rows, history, exports",
    inSubset: false,
  },
  async measure => {
    const { env, canaries, state } = await stand()
    const watch = watchArguments()
    const said: string[] = []
    const run = async (argv: readonly string[], more: Environment = {}) => {
      const outcome = await opsdeck(argv, { ...env, ...more })
      said.push(outcome.stdout, outcome.stderr)
      return outcome
    }
    await failAtStart(env, canaries, run)
    await failAtMail(canaries, run)
    const codes = (await opsdeck(["codes", "create", "--count", "3", "--type", "credit", "--value", "1", "--yes"], env))
      .stdout
    const drawn = codes.trim().split("\n")
    expect(drawn).toHaveLength(3)
    canaries.push(...drawn)
    const exports = await useConsoles(env, canaries, said)
    await sql("alter table users drop column email cascade; alter table users add column email int")
    expect((await run(["users", "list", "--q", "a"])).status).toBe(1)

    const kept = readdirSync(state).map(name => readFileSync(join(state, name), "utf8"))
    for (const trace of ["a bug", "path:/end"])
      expect(
        kept.some(text => text.includes(trace)),
        trace,
      ).toBe(true)
    const audit = (await sql("select to_jsonb(a)::text as row from audit_logs a")).map(({ row }) => String(row))
    measure("canaries", canaries.length, "secrets")
    for (const [where, texts] of Object.entries({
      "what commands printed and consoles drew": said,
      "log file, crash reports, history": kept,
      "audit rows": audit,
      "saved exports": exports,
      "arguments of processes": watch.end(),
    })) {
      const found = texts.filter(text =>
        canaries.some(secret => spellings(secret).some(spelling => text.includes(spelling))),
      )
      expect.soft(found, where).toEqual([])
      measure(`${where}: looked at`, texts.length, "texts", { atLeast: 1 })
      measure(`${where}: found in`, found.length, "texts", { atMost: 0 })
    }
  },
)

const spellings = (secret: string) => [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)]

async function stand() {
  const [role, postgres, redis, mail] = [`role_${randomUUID()}`, canary(), canary(), canary()]
  await sql(`create role "${role}" superuser login password '${postgres}'`)
  onTestFinished(async () => void (await asSuperuser(`drop role "${role}"`)))
  const server = await startRedisServer()
  onTestFinished(() => server.stop())
  const client = new Redis(server.url)
  await client.config("SET", "requirepass", redis)
  client.disconnect()
  const administrator = await addAdministrator(database.postgres)
  const apiKey = await addApiKey(database.postgres, administrator)
  const home = temporaryDirectory()
  const databaseUrl = new URL(database.url)
  databaseUrl.username = role
  databaseUrl.password = postgres
  const store = `redis://:${redis}@127.0.0.1:${server.port}`
  const env = {
    ...{ DATABASE_URL: databaseUrl.href, REDIS_URL: `${store}/0`, GATEWAY_REDIS_URL: `${store}/1` },
    ...{ OPSDECK_STREAM: newStream(), OPSDECK_API_KEY: apiKey, XDG_STATE_HOME: home, HOME: home },
    ...{ OPSDECK_SMTP_PASS: mail, ARKLOOP_SMTP_PASS: mail, OPSDECK_PASSWORD: administrator.password },
    ...{ LOGIN: administrator.login, DEBUG: "*", NODE_DEBUG: "net,tls,stream" },
  }
  return { env, canaries: [postgres, redis, apiKey, administrator.password, mail], state: join(home, "opsdeck") }
}

type Run = (argv: readonly string[], more?: Environment) => Promise<{ status: number | null }>
type Secrets = Environment & Readonly<Record<"DATABASE_URL" | "REDIS_URL" | "OPSDECK_API_KEY" | "LOGIN", string>>

/** Everything that can be wrong with what opsdeck is given, and with whom it meets. */
async function failAtStart(env: Secrets, canaries: string[], run: Run): Promise<void> {
  const other = canary()
  const key = `ak-${randomUUID().replaceAll("-", "").repeat(2)}`
  canaries.push(other, key)
  const changed = (url: string, change: (url: URL) => void) => {
    const copy = new URL(url)
    change(copy)
    return copy.href
  }
  const away = (url: string) => changed(url, copy => Object.assign(copy, { port: "1" }))
  const wrong = (url: string) => changed(url, copy => Object.assign(copy, { password: other }))
  const DATABASE_URLS = [
    away(env.DATABASE_URL),
    wrong(env.DATABASE_URL),
    changed(env.DATABASE_URL, url => Object.assign(url, { pathname: "/nothing" })),
    ...["#", "/", "?", "%zz"].map(sign => `postgres://me:${sign}${other}@127.0.0.1:1/x`),
    `mysql://me:${other}@127.0.0.1/x`,
    other,
  ]
  for (const DATABASE_URL of DATABASE_URLS) {
    expect((await run(["users", "list"], { DATABASE_URL })).status).not.toBe(0)
    await run(["doctor"], { DATABASE_URL })
  }
  const REDIS_URLS = [
    away(env.REDIS_URL),
    wrong(env.REDIS_URL),
    ...["#", "%zz", "/"].map(sign => `redis://:${sign}${other}@127.0.0.1:1/x`),
    other,
  ]
  for (const url of REDIS_URLS) {
    const stores = { REDIS_URL: url, GATEWAY_REDIS_URL: url }
    expect((await run(["log", "--json"], stores)).status).not.toBe(0)
    await run(["doctor", "--json"], stores)
  }
  for (const OPSDECK_API_KEY of [key, other, `${env.OPSDECK_API_KEY}x`]) {
    expect((await run(["whoami"], { OPSDECK_API_KEY })).status).not.toBe(0)
  }
  expect((await run(["whoami", "--login", env.LOGIN], { OPSDECK_PASSWORD: other })).status).toBe(3)
  expect((await run(["whoami", "--login", env.LOGIN])).status).toBe(0)
  for (const text of [
    `{"apiKey": "${key}"`,
    `{"${key}": 1}`,
    `{"profiles": {"a": {"databaseUrl": 7, "password": "${other}"}}}`,
  ]) {
    const home = temporaryDirectory()
    mkdirSync(join(home, "opsdeck"))
    writeFileSync(join(home, "opsdeck/config.json"), text, { mode: 0o600 })
    await run(["users", "list", "--profile", "a"], { XDG_CONFIG_HOME: home })
  }
}

/** A server that says back what it was told; the password in the settings, in a variable, and changed. */
async function failAtMail([, , , , mail]: readonly string[], run: Run): Promise<void> {
  const { port, heard } = await startPretender({
    greeting: socket => void socket.write("220 hi\r\n"),
    answer: line => (line.startsWith("EHLO") ? "250-hi\r\n250 AUTH PLAIN LOGIN\r\n" : `535 ${line} ${mail}\r\n`),
  })
  const set = ["--from", "a@example.com", "--smtp-host", "127.0.0.1", "--smtp-port", String(port), "--smtp-user", "me"]
  expect((await run(["email", "set", ...set, "--smtp-tls-mode", "none", "--yes"])).status).toBe(0)
  for (const argv of [
    ["test", "--to", "b@example.com"],
    ["test", "--to", "b@example.com", "--json"],
    ["config"],
    ["status"],
  ]) {
    await run(["email", ...argv])
    await run(["email", ...argv], { ARKLOOP_SMTP_PASS: undefined })
  }
  expect(heard.filter(line => line.startsWith("AUTH"))).toHaveLength(4)
}

/** What can be told for a secret by its looks: API keys and redemption codes. */
const HAS_FORM = /^ak-|^([A-Z2-9]{4}-){3}/

/** Consoles that crash, that are refused, and that save what they show. */
async function useConsoles(env: Secrets, canaries: readonly string[], said: string[]): Promise<string[]> {
  for (const [thread, by] of [
    ["main", "throw"],
    ["main", "rejection"],
    ["main", "render"],
    ["tail", "throw"],
  ] as const) {
    const crash = join(temporaryDirectory(), "now")
    const terminal = Terminal.opsdeck([], { ...env, ...crashing(crash, thread, by) })
    await terminal.see("● live")
    writeFileSync(crash, "")
    expect((await terminal.exited).exitCode).toBe(1)
    said.push(terminal.output)
  }
  const exported = join(temporaryDirectory(), "users.ndjson")
  const terminal = Terminal.opsdeck([], env)
  await terminal.see("● live", "2 Dashboard")
  await terminal.press("3").see("1 shown")
  await terminal.press("ctrl-s").see("Save the users")
  await terminal.press("ctrl-u").type(exported).press("enter").see("saved to")
  terminal.press("1")
  await terminal.see("● live", "no filter")
  said.push(terminal.output)
  // What is typed is seen by whoever types it, and stays nowhere.
  for (const secret of [...canaries.filter(text => HAS_FORM.test(text)), env.DATABASE_URL]) {
    terminal.press("/", "ctrl-u").type(secret).press("enter")
    await terminal.press("esc").seeNoMore("Enter apply")
  }
  await terminal.press("/", "ctrl-u").type("path:/end").press("enter").see("path:/end")
  terminal.press("ctrl-c", "ctrl-c")
  await terminal.exited
  return [readFileSync(exported, "utf8")]
}

/** The command lines of all processes that are seen from now on. */
function watchArguments() {
  const seen = new Set<string>()
  const look = () => {
    for (const pid of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8"))
      } catch {}
    }
  }
  const looking = setInterval(look, 100)
  onTestFinished(() => clearInterval(looking))
  return {
    end: () => {
      clearInterval(looking)
      look()
      return [...seen]
    },
  }
}
