import { sql } from "kysely"
import pg from "pg"
import { afterAll, beforeAll, expect, onTestFinished } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { Gateway } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { findUser, openConsole } from "../support/user-screens.ts"
import { until } from "../support/waiting.ts"
import { startPgBouncer } from "./support/pgbouncer.ts"
import { type Measure, scenario } from "./support/scenario.ts"

const ROUNDS = 10
const SUBJECT = "Bob Whitaker"
const GONE = { atMost: 2_000 }
/** What the next question may take: what one takes that nothing was before. */
const FINE = { atMost: 2_000 }

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

/** Invite codes take a minute to be read. */
beforeAll(async () => {
  const { id } = await addPerson(database.postgres, { username: SUBJECT })
  await asSuperuser(
    `insert into invite_codes (user_id, code, max_uses) values ('${id}', 'code', 1);
     alter table invite_codes rename to quick_codes;
     create view invite_codes as select quick_codes.* from (select pg_sleep(60)) slow, quick_codes`,
    database.url,
  )
})

const described = (way: string, inSubset: boolean) => ({
  number: 13,
  title: `A query of 60 s left with Esc, ${way}`,
  load: `a user whose invite codes take 60 s to be read, opened and left at the console; and a query of 60 s cancelled on a pool of one; ${ROUNDS} times each`,
  passes: "gone from pg_stat_activity within 2 s; the next query is fine",
  inSubset,
})

scenario(described("directly", true), measure => leftWith(database.url, measure))

scenario(described("through PgBouncer in transaction mode", false), async (measure, { skip }) => {
  const bouncer = await startPgBouncer(database.url)
  if (bouncer === undefined) return skip("there is no pgbouncer on this machine, and none could be installed")
  onTestFinished(() => bouncer.stop())
  await leftWith(bouncer.url, measure)
  const others = new pg.Client(bouncer.url)
  await others.connect()
  const { rows } = await others.query("show statement_timeout")
  await others.end()
  expect(rows, "what opsdeck set for itself is nobody else's").toEqual([{ statement_timeout: "0" }])
})

async function leftWith(url: string, measure: Measure): Promise<void> {
  const terminal = await openConsole(operations, gateway, { DATABASE_URL: url })
  await findUser(terminal, SUBJECT)
  const gone: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    terminal.press("enter")
    await running(1)
    terminal.press("esc")
    gone.push(await running(0))
    await terminal.see("S suspend", "1 shown")
  }
  const asked = performance.now()
  terminal.press("4")
  await terminal.see("STARTED", "Nothing here yet", "● pg")
  measure("left at the console: the longest until it was gone", Math.max(...gone), "ms", GONE)
  measure("left at the console: the next list", performance.now() - asked, "ms", FINE)
  await calledOff(url, measure)
}

async function calledOff(url: string, measure: Measure): Promise<void> {
  const postgres = openPostgres({ url, max: 1 })
  const gone: number[] = []
  const next: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const patience = new AbortController()
    const answer = postgres.run(db => sql`select from invite_codes`.execute(db), patience.signal, 90_000)
    const refusal = expect(answer).rejects.toMatchObject({ code: "cancelled" })
    await running(1)
    patience.abort()
    gone.push(await running(0))
    const asked = performance.now()
    await postgres.ping()
    next.push(performance.now() - asked)
    await refusal
  }
  await postgres.close()
  measure("cancelled: the longest until it was gone", Math.max(...gone), "ms", GONE)
  measure("cancelled: the longest next question of a pool of one", Math.max(...next), "ms", FINE)
}

let onlooker: pg.Client
beforeAll(async () => {
  onlooker = new pg.Client(database.url)
  await onlooker.connect()
})
afterAll(() => onlooker.end())

/** Waits until so many of the slow queries run, or until none does; answers how long that took, in milliseconds. */
async function running(count: 0 | 1): Promise<number> {
  const began = performance.now()
  await until(async () => {
    const { rowCount } = await onlooker.query(`select from pg_stat_activity
        where state = 'active' and query like '%invite_codes%' and pid <> pg_backend_pid() and datname = current_database()`)
    return Math.min(rowCount ?? 0, 1) === count
  })
  return performance.now() - began
}
