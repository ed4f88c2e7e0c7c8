import { setTimeout } from "node:timers/promises"
import { afterAll, beforeAll, expect } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"
import { Deck } from "../../src/services/deck.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { Gateway } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson, type Person } from "../support/people.ts"
import { asSuperuser, type TestDatabase } from "../support/postgres.ts"
import { COMMIT, startTcpProxy, type TcpProxy, through } from "../support/tcp-proxy.ts"
import type { Terminal } from "../support/terminal.ts"
import { openConsole, openForm, readyToSave, retype } from "../support/user-screens.ts"
import { until } from "../support/waiting.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { LINES, STANDING, saveMeanwhile, tally } from "./support/told.ts"

const ROUNDS = sized({ short: 1, full: 3 })
const ENDS_IN_STORM = sized({ short: 2, full: 20 })
const LONGEST_CALM_MS = 2_000

const gateway = Gateway.forTests()
let server: PostgresServer
let proxy: TcpProxy
/** A platform on a server of its own, whose commits outlive it. */
const database = { generation: "orgs" } as { -readonly [K in keyof TestDatabase]: TestDatabase[K] }
beforeAll(async () => {
  server = await startPostgresServer()
  await server.createDatabase("platform")
  database.url = server.url("platform")
  await migrate(database.url)
  await sql("alter database platform set synchronous_commit = on")
  database.postgres = openPostgres({ url: database.url })
  proxy = await startTcpProxy(server.port)
})
afterAll(async () => {
  await database.postgres.close()
  await proxy.close()
  await server.stop()
})
const operations = new Operations(database, gateway)

const sql = (query: string) => asSuperuser(query, database.url)

/** What the saving transaction alone says. */
const SAVE = 'update "users"'

/** How the server goes away. */
const ENDS = { restarted: () => server.halt(), crashed: async () => void process.kill(server.pid, "SIGKILL") }

scenario(
  {
    number: 11,
    title: "PostgreSQL restarted while a form is open, and between save and answer",
    load: `stopped, and killed with SIGKILL: with a form open, before the commit reaches it, when its answer is on the way, and for longer than anybody waits, ${ROUNDS} times each; ${ENDS_IN_STORM} times while ${LINES} save without a pause`,
    passes: `the draft is kept; "saved", "not saved" or "unknown" is told, and true; nothing is saved twice`,
    inSubset: false,
  },
  async measure => {
    const terminal = await openConsole(operations, gateway, { DATABASE_URL: through(proxy, database.url) })
    for (const [how, end] of Object.entries(ENDS)) {
      for (let round = 0; round < ROUNDS; round++) {
        await withFormOpen(terminal, end)
        await beforeTheCommit(terminal, end)
        await withAnswerLost(terminal, end)
      }
      measure(`${how} with a form open: the draft was kept and saved`, ROUNDS, "times")
      measure(`${how} before the commit: told as not saved, then saved`, ROUNDS, "times")
      measure(`${how} with the answer on its way: told as saved`, ROUNDS, "times")
    }
    await awayTooLong(terminal)
    measure("away for longer than anybody waits: told as unknown, and what stands is read", 1, "times")

    const told = await saveInStorm()
    measure("in the storm, told as saved", told.saved, "saves", { atLeast: ENDS_IN_STORM })
    measure("in the storm, told as not saved", told["not saved"], "saves")
    measure("in the storm, told as unknown", told.unknown, "saves")
    measure("in the storm, not as it was told", told.false, "saves", { atMost: 0 })
  },
)

async function withFormOpen(terminal: Terminal, end: () => Promise<void>): Promise<void> {
  const person = await formOf(terminal, "Draft kept")
  await end()
  await terminal.see("pg down", "changed: 1", "Draft kept")
  await revive()
  await terminal.see("● pg", "changed: 1", "Draft kept")
  await readyToSave(terminal)
  terminal.press("enter")
  await terminal.see("✓ name")
  expect(await state(person)).toMatchObject({ username: "Draft kept", saves: 1 })
}

async function beforeTheCommit(terminal: Terminal, end: () => Promise<void>): Promise<void> {
  const person = await formOf(terminal, "Saved later")
  await readyToSave(terminal)
  const cut = proxy.cut(COMMIT, "unsent", SAVE)
  terminal.press("enter")
  await cut
  await end()
  await revive()
  await terminal.see("not saved")
  expect(await state(person)).toMatchObject({ username: person.login, saves: 0 })
  await terminal.seeNoMore("still being read")
  terminal.press("enter")
  await terminal.see("✓ name", "Saved later")
  expect(await state(person)).toMatchObject({ username: "Saved later", saves: 1 })
}

async function withAnswerLost(terminal: Terminal, end: () => Promise<void>): Promise<void> {
  const person = await formOf(terminal, "Saved at once")
  await readyToSave(terminal)
  const cut = proxy.cut(COMMIT, "unanswered", SAVE)
  terminal.press("enter")
  await cut
  await end()
  await revive()
  await terminal.see("✓ name")
  expect(await state(person)).toMatchObject({ username: "Saved at once", saves: 1 })
}

async function awayTooLong(terminal: Terminal): Promise<void> {
  const person = await formOf(terminal, "Perhaps saved")
  await readyToSave(terminal)
  const cut = proxy.cut(COMMIT, "unanswered", SAVE)
  terminal.press("enter")
  await cut
  await server.halt()
  await terminal.see("may or may not be")
  await revive()
  await terminal.see("nothing changes")
  terminal.press("enter")
  expect(await state(person)).toMatchObject({ username: "Perhaps saved", saves: 1 })
}

/** The form of somebody new, with `draft` typed over their name. */
async function formOf(terminal: Terminal, draft: string): Promise<Person> {
  const person = await addPerson(database.postgres)
  await openForm(terminal, person.login)
  retype(terminal, draft)
  await terminal.see("changed: 1")
  return person
}

async function state({ id }: Person) {
  const [found] = await sql(`${STANDING} where users.id = '${id}'`)
  return found
}

/** The server is back, as soon as what is left of a crashed one lets it. */
const revive = () =>
  until(() =>
    server.resume().then(
      () => true,
      () => false,
    ),
  )

/** Saves people in several lines while the server goes away over and over; answers how often what was told. */
async function saveInStorm() {
  const people = await sql(`insert into users (username)
    select '' from generate_series(1, ${ENDS_IN_STORM * 2_000}) returning id`)
  const redis = { url: gateway.server.url }
  const platform = {
    postgres: openPostgres({ url: database.url }),
    redis: openRedis({ api: redis, gateways: oneGateway(redis) }),
  }
  const deck = new Deck(platform, await signIn(platform, { apiKey: operations.apiKey }, { console: false }))
  const told = await saveMeanwhile(
    deck,
    people.map(({ id }) => id as string),
    async () => {
      for (let n = 0; n < ENDS_IN_STORM; n++) {
        await setTimeout(Math.random() * LONGEST_CALM_MS)
        await (n % 2 === 0 ? ENDS.restarted() : ENDS.crashed())
        await revive()
      }
    },
  )
  await platform.postgres.close()
  platform.redis.close()
  return tally(told, sql)
}
