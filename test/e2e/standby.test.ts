import { beforeAll, test } from "vitest"
import { Gateway, newStream, request } from "../support/access-log.ts"
import { addAdministrator, addApiKey, addPerson } from "../support/people.ts"
import { replicatedDatabase } from "../support/replicated-postgres.ts"
import { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()
const database = replicatedDatabase()
let apiKey: string

beforeAll(async () => {
  apiKey = await addApiKey(database.postgres, await addAdministrator(database.postgres))
  await addPerson(database.postgres, { username: "Bob Whitaker" })
  await database.pair.caughtUp()
})

test("on a standby everything is read and nothing changed, until it is promoted under the open console", async () => {
  const stream = newStream()
  await gateway.add(stream, [request({ path: "/before" })])
  const terminal = Terminal.opsdeck([], {
    DATABASE_URL: database.onStandby(),
    REDIS_URL: `${gateway.server.url}/0`,
    GATEWAY_REDIS_URL: `${gateway.server.url}/1`,
    OPSDECK_STREAM: stream,
    OPSDECK_API_KEY: apiKey,
  })
  await terminal.see("/before", "replica, up to date: nothing can be changed here", "signing in is not recorded")
  terminal.press("3")
  await terminal.see("Bob Whitaker", "● pg")
  terminal.press("S")
  const primary = `127.0.0.1:${database.pair.primary.port}`
  await terminal.see(`suspend: PostgreSQL here is a replica of ${primary}: changes are made there`)

  await database.pair.primary.kill()
  await terminal.see(/replica, \d+ s behind: nothing can be changed here/)
  await database.pair.standby.promote()
  await terminal.seeNoMore("nothing can be changed here")
  await terminal.seeNoMore("  replica  ")
  terminal.press("S")
  await terminal.see("Suspend", "What happens")
})
