import { setTimeout } from "node:timers/promises"
import { expect, onTestFinished } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { Deck } from "../../src/services/deck.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { Gateway } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addAdministrator, addApiKey, addPerson, type Person } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { startReplicatedPostgres } from "../support/replicated-postgres.ts"
import { COMMIT, startTcpProxy } from "../support/tcp-proxy.ts"
import type { Terminal } from "../support/terminal.ts"
import { openConsole, openForm, readyToSave, retype } from "../support/user-screens.ts"
import { until } from "../support/waiting.ts"
import { startPgBouncer } from "./support/pgbouncer.ts"
import { type Measure, scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { LINES, saveMeanwhile, tally } from "./support/told.ts"

const ROUNDS = sized({ short: 1, full: 5 })
/** From the promotion on, until what was typed can be saved. */
const SOON = { atMost: 10_000 } as const
const LONGEST_CALM_MS = 2_000
/** More than are saved, or refused, in a storm. */
const MOST_SAVES = 20_000

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

const described = (way: string, inSubset: boolean) => ({
  number: 30,
  title: `PostgreSQL fails over while a form is open, ${way}`,
  load: `the primary killed with SIGKILL and its standby promoted, with a form half filled in, and when the answer to its commit is on the way, ${ROUNDS} times each${inSubset ? `; ${ROUNDS} times while ${LINES} save without a pause` : ""}`,
  passes: `what is on the screen stays; the draft is saved once, on the new primary; "saved", "not saved" or "unknown" is told, and true`,
  inSubset,
})

scenario(described("both servers in the URL", true), async measure => {
  const took: Took[] = []
  for (let round = 0; round < ROUNDS; round++) {
    took.push({ ...(await withFormOpen(await stand())), ...(await withAnswerLost(await stand())) })
  }
  tell(took, measure)
  const told = { saved: 0, "not saved": 0, unknown: 0, false: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [what, times] of Object.entries(await inStorm(await stand()))) told[what as keyof typeof told] += times
  }
  measure("in the storm, told as saved", told.saved, "saves", { atLeast: ROUNDS })
  measure("in the storm, told as not saved", told["not saved"], "saves")
  measure("in the storm, told as unknown", told.unknown, "saves")
  measure("in the storm, not as it was told", told.false, "saves", { atMost: 0 })
})

scenario(described("by way of PgBouncer, which is switched", false), async (measure, { skip }) => {
  const took: Took[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const both: Took = {}
    for (const during of [withFormOpen, withAnswerLost]) {
      const there = await stand()
      const bouncer = await startPgBouncer(there.throughProxy)
      if (bouncer === undefined) return skip("there is no pgbouncer on this machine, and none could be installed")
      onTestFinished(() => bouncer.stop())
      const promote = async () => {
        await there.promote()
        await bouncer.switchTo(there.standbyUrl)
      }
      Object.assign(both, await during({ ...there, url: bouncer.url, promote }))
    }
    took.push(both)
  }
  tell(took, measure)
})

/** How long it took, in ms: from the promotion until changes were taken, and from the lost answer until the change was told as saved. */
interface Took {
  taken?: number
  told?: number
}

function tell(took: readonly Took[], measure: Measure): void {
  const worst = (of: keyof Took) => Math.max(...took.map(one => one[of] ?? Number.POSITIVE_INFINITY))
  measure("from the promotion until changes are taken, worst", worst("taken"), "ms", SOON)
  measure("from the lost answer until the change was told as saved, worst", worst("told"), "ms", SOON)
}

/** A platform on a primary and its standby, an administrator's console on it, and somebody whose form is open. */
async function stand() {
  const pair = await startReplicatedPostgres()
  await pair.createPlatform()
  const proxy = await startTcpProxy(pair.primary.port)
  onTestFinished(async () => {
    await proxy.close()
    await pair.stop()
  })
  const postgres = openPostgres({ url: pair.primary.url("platform") })
  const person = await addPerson(postgres)
  const apiKey = await addApiKey(postgres, await addAdministrator(postgres))
  await pair.caughtUp()
  await postgres.close()
  const throughProxy = pair.primary.url("platform").replace(`:${pair.primary.port}/`, `:${proxy.port}/`)
  return {
    ...{ pair, proxy, person, apiKey, throughProxy },
    standbyUrl: pair.standby.url("platform"),
    url: throughProxy.replace(`:${proxy.port}/`, `:${proxy.port},127.0.0.1:${pair.standby.port}/`),
    promote: () => pair.standby.promote(),
  }
}
type Stand = Awaited<ReturnType<typeof stand>>

async function withFormOpen({ pair, promote, ...there }: Stand): Promise<Took> {
  const terminal = await drafting(there)
  await pair.primary.kill()
  await terminal.see(/replica|pg down/, "changed: 1", DRAFT)
  await promote()
  const promoted = performance.now()
  await terminal.see("● pg", "changed: 1", DRAFT)
  await terminal.seeNoMore("replica")
  const taken = performance.now() - promoted
  await readyToSave(terminal)
  terminal.press("enter")
  await saved(terminal, { pair, ...there })
  return { taken }
}

async function withAnswerLost({ pair, promote, ...there }: Stand): Promise<Took> {
  const terminal = await drafting(there)
  await readyToSave(terminal)
  const cut = there.proxy.cut(COMMIT, "unanswered", 'update "users"')
  terminal.press("enter")
  await cut
  const lost = performance.now()
  await there.proxy.close()
  await pair.caughtUp()
  await pair.primary.kill()
  await promote()
  await saved(terminal, { pair, ...there })
  return { told: performance.now() - lost }
}

/** Saves in several lines while the server fails over; its commits are on the standby before they are answered. */
async function inStorm({ pair, url, apiKey, promote }: Stand) {
  await pair.primary.query("alter system set synchronous_standby_names = 'standby'")
  await pair.primary.query("select pg_reload_conf()")
  const people = await pair.primary.query<{ id: string }>(
    `insert into users (username) select '' from generate_series(1, ${MOST_SAVES}) returning id`,
    "platform",
  )
  const redis = openRedis({ api: { url: gateway.server.url }, gateways: oneGateway({ url: gateway.server.url }) })
  const platform = { postgres: openPostgres({ url: `${url}?target_session_attrs=read-write` }), redis }
  const deck = new Deck(platform, await signIn(platform, { apiKey }, { console: false }))
  const ids = people.map(({ id }) => id)
  const told = await saveMeanwhile(deck, ids, async () => {
    await setTimeout(Math.random() * LONGEST_CALM_MS)
    await pair.primary.kill()
    await setTimeout(Math.random() * LONGEST_CALM_MS)
    await promote()
    const left = ids.length
    await until(() => ids.length < left - 2 * LINES)
  })
  await platform.postgres.close()
  redis.close()
  return tally(told, query => pair.standby.query(query, "platform"))
}

const DRAFT = "Draft kept"

/** A console with the form of `person` open, and another name in it. */
async function drafting({ url, apiKey, person }: Pick<Stand, "url" | "apiKey" | "person">): Promise<Terminal> {
  const terminal = await openConsole(operations, gateway, { DATABASE_URL: url, OPSDECK_API_KEY: apiKey })
  await openForm(terminal, person.login)
  retype(terminal, DRAFT)
  await terminal.see("changed: 1")
  return terminal
}

/** It is told as saved, and so it is where it is to be: once. */
async function saved(terminal: Terminal, { pair, person }: Pick<Stand, "pair" | "person">): Promise<void> {
  await terminal.see("✓ name", DRAFT)
  expect(terminal.output).not.toContain("fault of the program")
  expect(await standing(pair.standby, person)).toEqual([{ username: DRAFT, saves: 1 }])
  terminal.press("ctrl-c")
  await terminal.exited
}

const standing = (server: Stand["pair"]["standby"], { id }: Person) =>
  server.query<{ username: string; saves: number }>(
    `select username, (select count(*)::int from audit_logs where target_id = '${id}' and action = 'users.update') as saves
     from users where id = '${id}'`,
    "platform",
  )
