import { expect } from "vitest"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { Gateway } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, addApiKey, addPerson, type Person } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import type { Terminal } from "../support/terminal.ts"
import { findUser, openConsole, openForm, readyToSave, readyToSuspend, retype } from "../support/user-screens.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const AT_CONSOLES = sized({ short: 1, full: 3 })
const BY_DECKS = sized({ short: 20, full: 100 })

const gateway = Gateway.forTests()
const database = freshDatabase("accounts")
const consoles = new Operations(database, gateway)
const decks = operationsOn(database)

const sql = (query: string) => asSuperuser(query, database.url)

scenario(
  {
    number: 14,
    title: "Two operators at the same moment",
    load: `two save the same record, two suspend the last two administrators: ${AT_CONSOLES} times each at two consoles, ${BY_DECKS} times by the services`,
    passes: "one wins, the other sees the conflict with both values; one administrator is left",
    inSubset: false,
  },
  async measure => {
    const all = async (name: string, count: number, round: (n: number) => Promise<void>) => {
      for (let n = 0; n < count; n++) await round(n)
      measure(name, count, "times")
    }
    await all("saves at consoles: one won, one saw both values", AT_CONSOLES, savedAtConsoles)
    await all("saves by the services: the same", BY_DECKS, savedByDecks)
    await all("suspensions at consoles: one was left", AT_CONSOLES, suspendedAtConsoles)
    await all("suspensions by the services: the same", BY_DECKS, suspendedByDecks)
  },
)

const consoleOf = async (administrator: Person) =>
  openConsole(consoles, gateway, { OPSDECK_API_KEY: await addApiKey(database.postgres, administrator) })

async function savedAtConsoles(n: number): Promise<void> {
  const was = `Record ${n}`
  const { id } = await addPerson(database.postgres, { username: was })
  const operators = [
    await consoleOf(await addAdministrator(database.postgres)),
    await consoleOf(await addAdministrator(database.postgres)),
  ] as const
  const names = new Map<Terminal, string>()
  for (const [i, terminal] of operators.entries()) {
    names.set(terminal, `Name ${i} of ${n}`)
    await openForm(terminal, was)
    retype(terminal, `Name ${i} of ${n}`)
    await readyToSave(terminal)
  }
  for (const terminal of operators) terminal.press("enter")
  const { winner, loser } = await race(operators, "✓ name")
  const [theirs, yours] = [names.get(winner) as string, names.get(loser) as string]
  await loser.see("Somebody saved", was, theirs, yours)
  expect(await nameAndSaves(id)).toEqual({ username: theirs, saves: 1 })
  loser.press("y", "enter")
  await loser.see("changed: 1", yours)
  await readyToSave(loser)
  loser.press("enter")
  await loser.see("✓ name")
  expect(await nameAndSaves(id)).toEqual({ username: yours, saves: 2 })
  for (const terminal of operators) await leave(terminal)
}

async function savedByDecks(n: number): Promise<void> {
  const was = `Row ${n}`
  const { id } = await addPerson(database.postgres, { username: was })
  const names = ["One", "Other"]
  const both = [await decks.deck(), await decks.deck()]
  const outcomes = await Promise.allSettled(
    both.map((deck, i) => deck.change(updateUser, { id, username: names[i] }, { seen: { username: was } })),
  )
  const winner = outcomes.findIndex(({ status }) => status === "fulfilled")
  const [theirs, yours] = [names[winner], names[1 - winner]]
  expect(outcomes[1 - winner]).toMatchObject({
    reason: { code: "conflict", conflicts: [{ field: "username", was, theirs, yours }] },
  })
  expect(await nameAndSaves(id)).toEqual({ username: theirs, saves: 1 })
}

async function suspendedAtConsoles(): Promise<void> {
  const both = await lastTwo()
  const terminals = [await consoleOf(both[0]), await consoleOf(both[1])] as const
  for (const [i, terminal] of terminals.entries()) {
    await findUser(terminal, (both[1 - i] as Person).login)
    await readyToSuspend(terminal)
  }
  for (const terminal of terminals) terminal.press("enter")
  const { loser } = await race(terminals, "✓ status")
  await loser.see("you are no longer a platform administrator", "nothing was changed")
  expect(await activeOf(both)).toBe(1)
  for (const terminal of terminals) await leave(terminal)
}

async function suspendedByDecks(): Promise<void> {
  const both = await lastTwo()
  const [one, other] = [await decks.deck(both[0]), await decks.deck(both[1])]
  const outcomes = await Promise.allSettled([
    one.change(updateUser, { id: both[1].id, status: "suspended" }),
    other.change(updateUser, { id: both[0].id, status: "suspended" }),
  ])
  const refused = outcomes.flatMap(outcome => (outcome.status === "rejected" ? [outcome.reason] : []))
  expect(refused).toMatchObject([{ code: "forbidden" }])
  expect(await activeOf(both)).toBe(1)
}

/** Two active administrators, and nobody else who is one. */
async function lastTwo(): Promise<readonly [Person, Person]> {
  await sql("update users set status = 'suspended'")
  return [await addAdministrator(database.postgres), await addAdministrator(database.postgres)]
}

const activeOf = async (both: readonly Person[]) =>
  (await sql(`select from users where status = 'active' and id in (${both.map(({ id }) => `'${id}'`).join()})`)).length

async function nameAndSaves(id: string) {
  const [found] = await sql(`select username,
    (select count(*)::int from audit_logs where target_id = users.id::text and action = 'users.update') as saves
    from users where id = '${id}'`)
  return found
}

/** Who is told first that it was done, and who is not. */
async function race([one, other]: readonly [Terminal, Terminal], done: string) {
  const isDone = (terminal: Terminal) => terminal.screen.includes(done)
  await one.wait(() => isDone(one) || isDone(other), `neither was told ${done}`)
  return isDone(one) ? { winner: one, loser: other } : { winner: other, loser: one }
}

async function leave(terminal: Terminal): Promise<void> {
  terminal.process.kill("SIGTERM")
  await terminal.exited
}
