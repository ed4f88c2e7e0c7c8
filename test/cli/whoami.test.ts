import { expect, test } from "vitest"
import { command } from "../support/command.ts"
import { addAdministrator, addApiKey } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { matchGoldens, platformOn } from "./platform.ts"

const ALICE = "0a11ce00-0000-4000-8000-000000000001"
const KEY = "0000ce00-0000-4000-8000-000000000001"

eachGeneration(database => {
  const platform = platformOn(database)

  test("whoami tells who, where, how, and whether anything may be changed", async () => {
    const alice = await addAdministrator(database.postgres, { id: ALICE, username: "Alice Liddell" })
    await asSuperuser(`update user_credentials set login = 'alice' where user_id = '${ALICE}'`, database.url)
    const apiKey = await addApiKey(database.postgres, alice, { id: KEY })
    const env = { ...platform.env, OPSDECK_API_KEY: apiKey }
    await matchGoldens(env, { [`whoami-${database.generation}`]: ["whoami"] })

    const byPassword = { ...platform.env, OPSDECK_API_KEY: undefined, OPSDECK_PASSWORD: alice.password }
    const { stdout } = await command(["whoami", "--login", "alice", "--read-only", "--json"], byPassword)
    expect(JSON.parse(stdout)).toMatchObject({ method: "password", api_key_id: null, read_only: true })
  })
})
