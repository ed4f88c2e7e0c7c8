import { randomUUID } from "node:crypto"
import bcrypt from "bcryptjs"
import { expect } from "vitest"
import type { Credentials } from "../../src/domain/credentials.ts"
import { asDeckError } from "../../src/domain/errors.ts"
import { LONGEST_WAIT_MS, signIn } from "../../src/services/sign-in.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { Gateway } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, addApiKey, addPerson, type Person } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { opsdeck } from "../support/program.ts"
import { findUser, openConsole, readyToSuspend } from "../support/user-screens.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const WRONG_PASSWORDS = sized({ short: 12, full: 1_000 })
/** So many at the same time once the wait is at its longest. */
const LINES = 100
const ROUNDS = sized({ short: 5, full: 30 })
/** The platform hashes with the default of its library. */
const BCRYPT_COST = 10
const REFUSED = "sign-in refused: wrong credentials, or not those of a platform administrator"

const gateway = Gateway.forTests()
const database = freshDatabase()
const consoles = new Operations(database, gateway)
const decks = operationsOn(database)

const sql = (query: string) => asSuperuser(query, database.url)
const enter = (credentials: Credentials) => signIn(database, credentials, { console: false })

scenario(
  {
    number: 26,
    title: "Sign-in by those who may not",
    load: `${WRONG_PASSWORDS} wrong passwords for one login, up to ${LINES} at once; ${ROUNDS} times each: unknown, wrong password, suspended, deleted, without the permission; the permission taken away in mid-session in six ways, and at a console whose question stands`,
    passes: "none gets in; answers alike in words and, within noise, in time; slowed down; the change is refused",
    inSubset: false,
  },
  async measure => {
    const administrator = await addAdministrator(database.postgres)
    const waits = await manyWrong(administrator.login)
    const late = waits.map((wait, n) => wait - dueWait(n))
    measure("wrong passwords: refused", waits.length, "times", { atLeast: WRONG_PASSWORDS })
    measure("shorter than the rule says", late.filter(by => by < 0).length, "times", { atMost: 0 })
    measure("the 1st, of which nothing is known yet", waits[0] as number, "ms")
    measure("the 7th", waits[6] as number, "ms", { atLeast: dueWait(6) })
    measure("the shortest from the 8th on", Math.min(...waits.slice(7)), "ms", { atLeast: LONGEST_WAIT_MS })
    const began = performance.now()
    await enter(administrator)
    measure("the right password then, which gets in", performance.now() - began, "ms", { atLeast: LONGEST_WAIT_MS })

    const strangers = await strangersOf(administrator)
    const times = await timesOf(strangers)
    for (const [who, taken] of times) measure(`${who}: refused after (median)`, median(taken), "ms")
    const medians = [...times.values()].map(median)
    const halves = [...times.values()].map(taken => [0, 1].map(half => median(taken.filter((_, i) => i % 2 === half))))
    measure("the noise: most between halves of one kind", Math.max(...halves.map(ratio)), "times")
    measure("the slowest kind, of the fastest", ratio(medians), "times", { atMost: 1.25 })
    const said = await Promise.all([...strangers.values()].map(saidByCommand))
    measure("commands: different answers", new Set(said).size, "answers", { atMost: 1 })

    for (const [way, take] of Object.entries(WAYS)) await refusedWithoutIt(way, take)
    await refusedAtConsole()
    measure("permission taken away in mid-session: changes refused", Object.keys(WAYS).length + 1, "times")
  },
)

/** How long the attempt waits that comes after `refusals` others (services/sign-in). */
const dueWait = (refusals: number) => (refusals === 0 ? 0 : Math.min(250 * 2 ** (refusals - 1), LONGEST_WAIT_MS))

/** One after the other until the wait is at its longest, then in lines; answers how long each took, in milliseconds. */
async function manyWrong(login: string): Promise<number[]> {
  const waits: number[] = []
  const attempt = async () => waits.push(await refusalOf({ login, password: randomUUID() }))
  while (dueWait(waits.length) < LONGEST_WAIT_MS) await attempt()
  while (waits.length < WRONG_PASSWORDS) {
    await Promise.all(Array.from({ length: Math.min(LINES, WRONG_PASSWORDS - waits.length) }, attempt))
  }
  return waits
}

/** Who is refused, in the one sentence there is for it; answers how long that took, in milliseconds. */
async function refusalOf(credentials: Credentials): Promise<number> {
  const began = performance.now()
  const answer = await enter(credentials).catch(error => asDeckError(error))
  const took = performance.now() - began
  expect(answer).toMatchObject({ code: "forbidden", message: REFUSED })
  return took
}

const PASSWORD = "the right one"

/** Those who may not, by what is wrong with them; who is not the second has the right password. */
async function strangersOf(administrator: Person): Promise<ReadonlyMap<string, Credentials>> {
  const { postgres } = database
  const login = async (person: Promise<Person>) => ({ login: (await person).login, password: PASSWORD })
  const strangers = new Map<string, Credentials>([
    ["unknown login", { login: `nobody-${randomUUID()}`, password: PASSWORD }],
    ["wrong password", { login: administrator.login, password: "the wrong one" }],
    ["suspended", await login(addAdministrator(postgres, { status: "suspended" }))],
    ["deleted", await login(addAdministrator(postgres, { deleted_at: new Date().toISOString() }))],
    ["without the permission", await login(addPerson(postgres))],
  ])
  await sql(`update user_credentials set password_hash = '${await bcrypt.hash(PASSWORD, BCRYPT_COST)}'`)
  return strangers
}

/** How long each kind of refusal took, in milliseconds; none of them waits for those before. */
async function timesOf(strangers: ReadonlyMap<string, Credentials>): Promise<ReadonlyMap<string, number[]>> {
  const times = new Map([...strangers.keys()].map(who => [who, [] as number[]]))
  const kinds = [...strangers]
  for (let round = 0; round < ROUNDS; round++) {
    await sql("delete from audit_logs")
    for (const [who, credentials] of shuffled(kinds)) times.get(who)?.push(await refusalOf(credentials))
  }
  return times
}

/** In any order, so that none always comes after the same one. */
const shuffled = <T>(values: readonly T[]): T[] =>
  values
    .map(value => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}

const ratio = (values: readonly number[]) => Math.max(...values) / Math.min(...values)

/** What a command says to them, but for its trace id. */
async function saidByCommand(credentials: Credentials): Promise<string> {
  const { login, password } = credentials as { login: string; password: string }
  const env = { ...consoles.environment("unread"), OPSDECK_API_KEY: undefined, OPSDECK_PASSWORD: password }
  const { status, stdout, stderr } = await opsdeck(["whoami", "--json", "--login", login], env)
  return JSON.stringify({ status, stdout, error: { ...JSON.parse(stderr).error, trace_id: "" } })
}

/** How somebody stops to be a platform administrator, or their key to speak for one. */
const WAYS: Readonly<Record<string, (person: Person) => string>> = {
  "another role": ({ id }) => `update org_memberships set role = 'member' where user_id = '${id}'`,
  "no membership": ({ id }) => `delete from org_memberships where user_id = '${id}'`,
  suspended: ({ id }) => `update users set status = 'suspended' where id = '${id}'`,
  deleted: ({ id }) => `update users set deleted_at = now() where id = '${id}'`,
  "key revoked": ({ id }) => `update api_keys set revoked_at = now() where user_id = '${id}'`,
  "key without the scope": ({ id }) => `update api_keys set scopes = '{runs}' where user_id = '${id}'`,
}

async function refusedWithoutIt(way: string, take: (person: Person) => string): Promise<void> {
  const [operator, person] = [await addAdministrator(database.postgres), await addPerson(database.postgres)]
  const deck = await decks.deck({ apiKey: await addApiKey(database.postgres, operator) })
  const change = { id: person.id, status: "suspended" }
  await deck.preview(updateUser, change)
  await sql(take(operator))
  await expect(deck.change(updateUser, change), way).rejects.toMatchObject({ code: "forbidden" })
  expect(await changesOf(person)).toEqual([])
}

/** The role is taken away while the question stands on the screen, and Enter is pressed. */
async function refusedAtConsole(): Promise<void> {
  const [operator, person] = [await addAdministrator(database.postgres), await addPerson(database.postgres)]
  const terminal = await openConsole(consoles, gateway, {
    OPSDECK_API_KEY: await addApiKey(database.postgres, operator),
  })
  await findUser(terminal, person.login)
  await readyToSuspend(terminal)
  await sql(WAYS["another role"]?.(operator) as string)
  terminal.press("enter")
  await terminal.see("you are no longer a platform administrator", "nothing was changed")
  expect(await changesOf(person)).toEqual([])
}

/** What somebody was changed to, by their row or by the audit trail. */
const changesOf = ({ id }: Person) =>
  sql(`select status from users where id = '${id}' and status <> 'active'
    union all select action from audit_logs where target_id = '${id}'`)
