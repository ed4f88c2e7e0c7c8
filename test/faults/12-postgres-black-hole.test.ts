import { onTestFinished } from "vitest"
import { openPostgres, type Postgres } from "../../src/adapters/postgres/connection.ts"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { startTcpProxy, through } from "../support/tcp-proxy.ts"
import { scenario } from "./support/scenario.ts"

const SECONDS = 60
const AN_ERROR = { atMost: 6_000 }
const BACK = { atMost: 3_000 }

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

scenario(
  {
    number: 12,
    title: "PostgreSQL in a black hole",
    load: `no byte passes for ${SECONDS} s, nobody is told; a pool of one that is asked all the time by three, and a console whose operator goes on`,
    passes: "whoever asks has an error within 6 s, and an answer within 3 s of the network's return",
    inSubset: false,
  },
  async measure => {
    const proxy = await startTcpProxy(Number(new URL(database.url).port))
    const url = through(proxy, database.url)
    const postgres = openPostgres({ url, max: 1 })
    onTestFinished(async () => {
      await postgres.close()
      await proxy.close()
    })
    await addPerson(database.postgres, { username: "Bob Whitaker" })
    const stream = newStream()
    await gateway.add(stream, numbered(1))
    const terminal = operations.open(stream, undefined, { DATABASE_URL: url })
    await terminal.see("● live", "● pg")
    await postgres.ping()

    proxy.swallow()
    const returns = performance.now() + SECONDS * 1_000
    const waits = Promise.all([1, 2, 3].map(() => refusedUntil(returns, postgres)))
    const asked = performance.now()
    terminal.press("3")
    await terminal.see("PostgreSQL", "cannot be reached")
    measure("the console's list: until it says so", performance.now() - asked, "ms", AN_ERROR)
    await terminal.see("pg down")
    terminal.press("1")
    await terminal.see("● live", "/n/0")
    const refusals = (await waits).flat()
    measure("the pool of one: questions refused", refusals.length, "questions", { atLeast: 3 })
    measure("the pool of one: the longest until an error", Math.max(...refusals), "ms", AN_ERROR)

    proxy.restore()
    const back = performance.now()
    terminal.press("3")
    const [answered, seen] = await Promise.all([
      postgres.ping().then(() => performance.now()),
      terminal.see("Bob Whitaker").then(() => performance.now()),
    ])
    measure("the pool of one: an answer after the return", answered - back, "ms", BACK)
    measure("the console's list: there after the return", seen - back, "ms", BACK)
    await terminal.see("● pg")
    measure("the console says that PostgreSQL is there, after", performance.now() - back, "ms")
  },
)

/** Asks, and asks again as soon as it is refused, until the time `until`; answers how long each refusal took. */
async function refusedUntil(until: number, postgres: Postgres): Promise<number[]> {
  const waits: number[] = []
  while (performance.now() < until) {
    const asked = performance.now()
    await postgres.ping().then(
      () => Promise.reject(new Error("the black hole answered")),
      () => waits.push(performance.now() - asked),
    )
  }
  return waits
}
