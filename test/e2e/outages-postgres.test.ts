import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"
import { Gateway, newStream, request } from "../support/access-log.ts"
import { addAdministrator, addApiKey, addPerson, type Person } from "../support/people.ts"
import { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()
let server: PostgresServer
let apiKey: string
let bob: Person

beforeAll(async () => {
  server = await startPostgresServer()
  await server.createDatabase("platform")
  await migrate(server.url("platform"))
  const postgres = openPostgres({ url: server.url("platform") })
  apiKey = await addApiKey(postgres, await addAdministrator(postgres))
  bob = await addPerson(postgres, { username: "Bob Whitaker" })
  await postgres.close()
})
beforeEach(() => server.resume())
afterAll(() => server.stop())

const openConsole = (stream: string) =>
  Terminal.opsdeck([], {
    DATABASE_URL: server.url("platform"),
    REDIS_URL: `${gateway.server.url}/0`,
    GATEWAY_REDIS_URL: `${gateway.server.url}/1`,
    OPSDECK_STREAM: stream,
    OPSDECK_API_KEY: apiKey,
  })

test("down at the start: the console says so and shows nothing, and comes alive when PostgreSQL does", async () => {
  const stream = newStream()
  await gateway.add(stream, [request({ path: "/secret" })])
  await server.halt()
  const terminal = openConsole(stream)
  await terminal.see("Waiting for PostgreSQL", "cannot be reached: connection", "pg down", "● redis")
  expect(terminal.output).not.toContain("/secret")
  await server.resume()
  await terminal.see("● live", "/secret")
  expect(terminal.output).not.toContain(new URL(server.url("")).password)
})

test("stopped while the log runs: it goes on with ids and says so, and the names come back", async () => {
  const stream = newStream()
  await gateway.add(stream, [request({ path: "/before" })])
  const terminal = openConsole(stream)
  await terminal.see("● live", "/before")
  await server.halt()
  await gateway.add(stream, [request({ path: "/meanwhile", user_id: bob.id })], 1)
  await terminal.see("/meanwhile", `${bob.id.slice(0, 4)}…`, "users are shown by id", "pg down", "● live")
  terminal.press("/").type("user:bob\r")
  await terminal.see(/PostgreSQL|connection refused/)
  terminal.press("esc")
  await server.resume()
  await terminal.see("Bob Whitaker", "● pg")
})
