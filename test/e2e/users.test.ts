import pg from "pg"
import { expect, onTestFinished, test } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration, type TestDatabase } from "../support/postgres.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"
import type { Terminal } from "../support/terminal.ts"
import { findUser, openConsole } from "../support/user-screens.ts"
import { until } from "../support/waiting.ts"

const gateway = Gateway.forTests()

/** Users `<prefix>-001` and on, the last the newest; ten at a time came at the same moment. */
const addMany = (database: TestDatabase, prefix: string, count: number) =>
  asSuperuser(
    `insert into users (username, created_at)
     select '${prefix}-' || lpad(n::text, 3, '0'), now() - make_interval(secs => ${count} - n / 10)
     from generate_series(1, ${count}) n`,
    database.url,
  )

/** Holds the users back from everybody until it is called. */
async function lockUsers(database: TestDatabase): Promise<() => Promise<void>> {
  const client = new pg.Client(database.url)
  await client.connect()
  let release = async () => {
    release = async () => {}
    await client.end()
  }
  onTestFinished(() => release())
  await client.query("begin; lock table users in access exclusive mode")
  return () => release()
}

const waiting = (database: TestDatabase) =>
  asSuperuser(
    "select query_start::text as since from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%\"users\".\"created_at\"%'",
    database.url,
  )

/** Waits until one query for the list, and one only, waits for the users, and it is not `other`; answers since when. */
async function waitingQuery(database: TestDatabase, other?: unknown): Promise<unknown> {
  return until(async () => {
    const [first, ...more] = await waiting(database)
    return more.length === 0 && first?.since !== other && first?.since
  })
}

const namesOn = (terminal: Terminal, prefix: string) =>
  terminal.rows.flatMap(row => new RegExp(`${prefix}-\\d+`).exec(row)?.[0] ?? [])

eachGeneration(database => {
  const operations = new Operations(database, gateway)

  async function openUsers(stream: string, env: Record<string, string> = {}) {
    await gateway.add(stream, numbered(3))
    const terminal = operations.open(stream, undefined, env)
    await terminal.see("● live", "/n/2")
    return terminal.press("3")
  }

  test("the users, searched while typing and by status; back in the log all is as it was", async () => {
    const eve = await addPerson(database.postgres, { username: "Eve Suspended", status: "suspended" })
    const terminal = await openUsers(newStream())
    await terminal.see("LOGIN", "Alice Liddell", "Eve Suspended", /as of \d\d:\d\d:\d\d/)
    terminal.press("/").type("eve s")
    await terminal.seeNoMore("Alice Liddell")
    await terminal.see(eve.login.slice(0, 15), "1 shown")
    terminal.press("enter", "v")
    await terminal.see("Nothing matches eve s status:active")
    terminal.press("v")
    await terminal.see("Eve Suspended", "/ eve s status:suspended")
    terminal.press("1")
    await terminal.see("● live", "/n/0", "3 held")
    terminal.press("3")
    await terminal.see("Eve Suspended", "/ eve s status:suspended")
    terminal.press("x")
    await terminal.see("Alice Liddell", "not deleted")
  })

  test("a search given up leaves the one before in force", async () => {
    const terminal = await openUsers(newStream())
    terminal.press("/").type("liddell\r")
    await terminal.see("1 shown")
    terminal.press("/").type("nobody")
    await terminal.see("Nothing matches liddell nobody")
    terminal.press("esc")
    await terminal.see("Alice Liddell", "1 shown", "/ liddell")
  })

  test("going down reads page after page: each user once, newest first", async () => {
    await addMany(database, "paged", 250)
    const terminal = await openUsers(newStream())
    terminal.press("/").type("paged-\r")
    await terminal.see("100 shown of 250 users", "paged-250")
    const seen = new Set<string>()
    while (!seen.has("paged-001")) {
      const names = namesOn(terminal, "paged")
      expect(new Set(names).size).toBe(names.length)
      for (const name of names) seen.add(name)
      const { selected } = terminal
      terminal.press("pagedown")
      await terminal.wait(() => terminal.selected !== selected || seen.has("paged-001"), "did not move")
      await terminal.seeNoMore("reading…")
    }
    await terminal.see("250 shown")
    const sameMoment = (name: string) => Math.floor(Number(name.slice(-3)) / 10)
    expect(seen.size).toBe(250)
    expect([...seen].map(sameMoment)).toEqual([...seen].map(sameMoment).toSorted((a, b) => b - a))
  })

  test("while PostgreSQL takes its time it says so, and a newer search ends the older one there", async () => {
    const stream = newStream()
    await gateway.add(stream, numbered(1))
    const terminal = operations.open(stream)
    await terminal.see("● live", "/n/0")
    const release = await lockUsers(database)
    terminal.press("3")
    await terminal.see("reading…")
    const first = await waitingQuery(database)
    terminal.press("/").type("liddell")
    await waitingQuery(database, first)
    await release()
    await terminal.see("Alice Liddell", "1 shown")
  })

  test("out of reach: what was read stays, with its age; it comes back by itself", async () => {
    const url = new URL(database.url)
    const upstream = Number(url.port)
    const proxy = await startTcpProxy(upstream)
    url.port = String(proxy.port)
    const terminal = await openUsers(newStream(), { DATABASE_URL: url.href })
    await terminal.see("Alice Liddell")
    await proxy.close()
    terminal.press("\x12")
    await terminal.see(/▲ as of \d\d:\d\d:\d\d, \d+s ago: .*refused/, "Alice Liddell")
    terminal.press("/").type("alice")
    await terminal.see("Trying again by itself.")
    await terminal.seeNoMore("Alice Liddell")
    const restored = await startTcpProxy(upstream, proxy.port)
    onTestFinished(() => restored.close())
    await terminal.see("Alice Liddell", "1 shown")
    await terminal.seeNoMore("▲")
  })

  test("who is suspended already, and of whose end Redis knows nothing, is suspended once more", async () => {
    const { id, login } = await addPerson(database.postgres, { status: "suspended" })
    await asSuperuser(`update users set tokens_invalid_before = now() where id = '${id}'`, database.url)
    const terminal = await openConsole(operations, gateway)
    await findUser(terminal, login)
    terminal.press("S")
    await terminal.see(`Suspend ${login}`, /sessions of person-.* \(Redis\):/, "written again")
    terminal.press("tab", "tab")
    await terminal.see("[ Suspend ]")
    terminal.press("enter")
    await terminal.see(/✓ sessions of person-/)
    terminal.press("S")
    await terminal.see("nothing changes: everything already has these values")
  })
})
