import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest"
import { countPart, readNewer } from "../../src/services/dashboard/dashboard-readings.ts"
import { Deck } from "../../src/services/deck.ts"
import type { Operation } from "../../src/services/operation.ts"
import { openPlatform } from "../../src/services/platform.ts"
import { readRunTree } from "../../src/services/runs/run-tree.ts"
import { showRun } from "../../src/services/runs/show-run.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { totalOf } from "../../src/services/total.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { listUsers, showUser } from "../../src/services/users/users.ts"
import { allOperations } from "../support/all-operations.ts"
import { platformGranted } from "../support/grants.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, addPerson, type Person } from "../support/people.ts"
import { createDatabase, dropDatabase } from "../support/postgres.ts"
import { replicatedDatabase } from "../support/replicated-postgres.ts"
import { addRun } from "../support/runs.ts"
import { startTcpProxy, through } from "../support/tcp-proxy.ts"
import { eventually } from "../support/waiting.ts"

const database = replicatedDatabase()
const operations = operationsOn(database)
const granted = platformGranted("everything", database, operations)
let admin: Person
beforeAll(async () => {
  admin = await addAdministrator(database.postgres)
  await database.pair.caughtUp()
  vi.spyOn(console, "info").mockReturnValue()
})
afterEach(async () => {
  await database.pair.standby.resumeReplay()
  await database.pair.caughtUp()
})
afterAll(() => {
  vi.restoreAllMocks()
})

/** The deck of an operator whose lists are read from `url`, within the rights that opsdeck asks for. */
async function deckReading(url: string, maxLagS = 60): Promise<Deck> {
  const { postgres, redis } = granted.config
  const platform = openPlatform({ redis, postgres: { ...postgres, read: { url, maxLagS } } })
  onTestFinished(() => platform.close())
  return new Deck(platform, await signIn(platform, admin, { console: false }))
}

const onReplica = () => database.onStandby(granted.config.postgres.url)

/** Where a list of all users is read, and whether somebody is in it. */
async function listOf(deck: Deck, person: Person, filter = {}) {
  const { data } = await deck.run(listUsers, { limit: 100, ...filter })
  return { has: data.some(({ id }) => id === person.id), says: deck.readFrom(listUsers)?.says }
}

test("what may lag is what is listed and counted, and nothing that a change begins with", async () => {
  const all = [...(await allOperations())] as [string, Operation][]
  const lagging = all.flatMap(([name, { mayLag }]) => (mayLag ? [name.replace("read ", "")] : []))
  expect(lagging.sort()).toEqual([
    ...["audit list", "codes list"],
    ...["dashboard", "dashboard count", "dashboard newer", "dashboard recent"],
    ...["invites list", "referrals list", "runs list", "runs show", "runs tree", "runs users", "users list"],
  ])
  expect(totalOf(listUsers).mayLag).toBe(true)
})

test("lists are read from the replica, what is about to be changed from the primary", async () => {
  const deck = await deckReading(onReplica())
  await database.pair.standby.pauseReplay()
  const person = await addPerson(database.postgres)
  await eventually(async () =>
    expect(await listOf(deck, person)).toEqual({ has: false, says: expect.stringMatching(/^replica, \d+ s behind$/) }),
  )
  expect(await deck.run(showUser, { id: person.id })).toMatchObject({ id: person.id })
  expect(deck.readFrom(showUser)).toBeUndefined()
  await database.pair.standby.resumeReplay()
  await eventually(async () => expect(await listOf(deck, person)).toEqual({ has: true, says: "replica, up to date" }))
})

test("a run is read from the replica, and from the primary where the replica does not have it yet", async () => {
  const deck = await deckReading(onReplica())
  const says = () => deck.readFrom(showRun)?.says
  const run_id = await addRun(database.postgres)
  await database.pair.caughtUp()
  await deck.run(showRun, { run_id })
  expect(says()).toBe("replica, up to date")
  await deck.run(readRunTree, { run_id })
  expect(says()).toBe("replica, up to date")
  await database.pair.standby.pauseReplay()
  const newer = await addRun(database.postgres)
  await deck.run(showRun, { run_id: newer })
  expect(says()).toBe("primary: replica does not have it")
  await deck.run(readRunTree, { run_id: newer })
  expect(says()).toBe("primary: replica does not have it")
  await expect(deck.run(showRun, { run_id: crypto.randomUUID() })).rejects.toMatchObject({ code: "not_found" })
})

test("a list that follows one's own change has it where commits do not wait for the disk", async () => {
  await database.pair.primary.query("alter database platform set synchronous_commit = off")
  onTestFinished(() => void database.pair.primary.query("alter database platform reset synchronous_commit"))
  const deck = await deckReading(onReplica())
  const person = await addPerson(database.postgres)
  await database.pair.caughtUp()
  for (const status of ["suspended", "active", "suspended", "active"]) {
    await deck.change(updateUser, { id: person.id, status })
    const lists: boolean[] = []
    await eventually(async () => {
      const { has, says } = await listOf(deck, person, { status })
      lists.push(has)
      expect(says).toMatch(/^replica/)
    })
    expect(lists).not.toContain(false)
  }
})

test("a list that follows one's own change has it: until the replica has it too, the primary is read", async () => {
  const deck = await deckReading(onReplica())
  const person = await addPerson(database.postgres)
  await database.pair.caughtUp()
  const suspended = () => listOf(deck, person, { status: "suspended" })
  expect(await suspended()).toEqual({ has: false, says: "replica, up to date" })
  await database.pair.standby.pauseReplay()
  await deck.change(updateUser, { id: person.id, status: "suspended" })
  expect(await suspended()).toEqual({ has: true, says: "primary: replica lacks the last change" })
  await database.pair.standby.resumeReplay()
  await eventually(async () => expect(await suspended()).toEqual({ has: true, says: "replica, up to date" }))
})

test("what the dashboard counted on one server is gone on with on the other", async () => {
  // Without an index new rows are found by where a table grows, and counted by statistics, which a standby has none of.
  await database.pair.primary.query("drop index users_newest", "platform")
  await database.pair.caughtUp()
  const [there, here] = [await deckReading(onReplica()), await deckReading(granted.config.postgres.url)]
  for (const [one, other] of [
    [there, here],
    [here, there],
  ] as const) {
    const { mark } = await one.run(countPart, { part: "users" })
    expect(mark.growth).toMatchObject({ inserted: one === there ? null : expect.stringMatching(/^\d+$/) })
    expect(await other.run(readNewer, { part: "users", mark })).toEqual({ days: [], missing: 0n })
  }
})

test("a replica that is further behind than maxLag is not read", async () => {
  const deck = await deckReading(onReplica(), 0.5)
  await database.pair.standby.pauseReplay()
  const person = await addPerson(database.postgres)
  await eventually(async () =>
    expect(await listOf(deck, person)).toEqual({
      has: true,
      says: expect.stringMatching(/^primary: replica \d+ s behind$/),
    }),
  )
})

test("one that is out of reach is not waited for again, and one that answers nothing only once", async () => {
  const proxy = await startTcpProxy(database.pair.standby.port)
  onTestFinished(() => proxy.close())
  const deck = await deckReading(through(proxy, onReplica()))
  expect(await listOf(deck, admin)).toEqual({ has: true, says: "replica, up to date" })
  proxy.swallow()
  const primary = { has: true, says: "primary: replica out of reach" }
  expect(await listOf(deck, admin)).toEqual(primary)
  const begun = performance.now()
  expect(await listOf(deck, admin)).toEqual(primary)
  expect(performance.now() - begun).toBeLessThan(1_000)
})

test("what is no replica of this database is not read", async () => {
  const said = async (url: string) => (await listOf(await deckReading(url), admin)).says
  const other = await createDatabase("template_orgs")
  onTestFinished(() => dropDatabase(other))
  expect(await said(other)).toBe("primary: readUrl is no replica")
  expect(await said(granted.config.postgres.url)).toBe("primary: readUrl is no replica")
  await database.pair.createPlatform("another")
  expect(await said(database.pair.standby.url("another"))).toBe("primary: readUrl is of another database")
})
