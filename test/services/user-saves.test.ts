import { afterAll, beforeAll, expect, test } from "vitest"
import { openPostgres, type Postgres } from "../../src/adapters/postgres/connection.ts"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, type TestDatabase } from "../support/postgres.ts"
import { COMMIT, startTcpProxy, type TcpProxy, through } from "../support/tcp-proxy.ts"
import { until } from "../support/waiting.ts"

let server: PostgresServer
let proxy: TcpProxy
let changes: Postgres
/** A platform on a server of its own. Only changes go through a network that can be cut: reading commits as well. */
const database = { generation: "orgs" } as { -readonly [K in keyof TestDatabase]: TestDatabase[K] }
beforeAll(async () => {
  server = await startPostgresServer()
  await server.createDatabase("platform")
  database.url = server.url("platform")
  await migrate(database.url)
  await asSuperuser("alter database platform set synchronous_commit = on", database.url) // A crash is to lose nothing.
  proxy = await startTcpProxy(server.port)
  changes = openPostgres({ url: through(proxy, database.url) })
  const reads = openPostgres({ url: database.url })
  database.postgres = Object.assign(reads, { transaction: changes.transaction.bind(changes) })
})
afterAll(async () => {
  await changes.close()
  await database.postgres.close()
  await proxy.close()
  await server.stop()
})
const operations = operationsOn(database)

const saved = async (id: string) => ({
  ...(await asSuperuser(`select status from users where id = '${id}'`, database.url))[0],
  audited: (await asSuperuser(`select from audit_logs where target_id = '${id}'`, database.url)).length,
  mark: (await operations.api.exists(tokenMarkKey(id))) === 1,
})

/** Somebody, and the change that suspends them. */
async function suspension() {
  const { id } = await addPerson(database.postgres)
  const deck = await operations.deck()
  return { id, suspend: () => deck.change(updateUser, { id, status: "suspended" }) }
}

test("PostgreSQL restarts while it answers: the change is saved, once, and Redis gets what it is owed", async () => {
  const { id, suspend } = await suspension()
  const cut = proxy.cut(COMMIT, "unanswered")
  const suspending = suspend()
  await cut
  await server.halt()
  await server.resume()
  expect((await suspending).steps).toContainEqual({ what: "sessions (Redis)" })
  expect(await saved(id)).toEqual({ status: "suspended", audited: 1, mark: true })
})

test("PostgreSQL restarts before the commit reaches it: nothing is saved, and the operator is told", async () => {
  const { id, suspend } = await suspension()
  const cut = proxy.cut(COMMIT, "unsent")
  const suspending = expect(suspend()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/^not saved: /),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  await cut
  await server.halt()
  await server.resume()
  await suspending
  expect(await saved(id)).toEqual({ status: "active", audited: 0, mark: false })
})

test("PostgreSQL crashes before the commit reaches it, and gives the same number to others: nothing is saved, and told so", async () => {
  const { id, suspend } = await suspension()
  const cut = proxy.cut(COMMIT, "unsent", 'insert into "audit_logs"')
  const suspending = expect(suspend()).rejects.toMatchObject({ code: "unavailable", message: /^not saved: / })
  await cut
  process.kill(server.pid, "SIGKILL")
  proxy.swallow()
  await until(() =>
    server.resume().then(
      () => true,
      () => false,
    ),
  )
  for (let n = 0; n < 20; n++) await asSuperuser("insert into users (username) values ('other')", database.url)
  proxy.restore()
  await suspending
  expect(await saved(id)).toEqual({ status: "active", audited: 0, mark: false })
})

test("a row that somebody else is changing for long is a conflict, not an outage", async () => {
  const { id, suspend } = await suspension()
  await database.postgres.transaction(async tx => {
    await tx.updateTable("users").set({ username: "busy" }).where("id", "=", id).execute()
    await expect(suspend()).rejects.toMatchObject({ code: "conflict", message: /another transaction is changing/ })
  })
  expect(await saved(id)).toEqual({ status: "active", audited: 0, mark: false })
})
