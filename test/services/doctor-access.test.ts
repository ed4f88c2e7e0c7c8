import { expect, onTestFinished, test } from "vitest"
import { oneGateway } from "../../src/adapters/redis/connections.ts"
import type { Config } from "../../src/config.ts"
import type { Check, Grant } from "../../src/domain/check.ts"
import { doctor } from "../../src/services/doctor/doctor.ts"
import { openPlatform } from "../../src/services/platform.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, addApiKey, addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const sql = (query: string) => asSuperuser(query, database.url)

  async function run(input: object) {
    const url = operations.server.url
    const redis = { api: { url: `${url}/0` }, gateways: oneGateway({ url: `${url}/1` }) }
    const config = { environment: "test", postgres: { url: database.url }, redis, logFile: "/nowhere" } as Config
    const platform = openPlatform(config)
    onTestFinished(() => platform.close())
    const credentials = async () => addAdministrator(database.postgres)
    const host = { env: {}, terminal: undefined }
    return doctor.run({ ...platform, config, host, credentials, signal: new AbortController().signal }, input)
  }

  /** What the doctor finds of one check. */
  async function finding(area: string, name: string) {
    const { answer } = await run({})
    return (answer.data as Check[]).find(check => check.area === area && check.name === name)
  }

  test("counts the deleted users who are left with access, and names the remedy", async () => {
    expect(await finding("platform", "left-over access")).toMatchObject({ state: "ok", remedy: [] })
    const person = await addPerson(database.postgres, { deleted_at: "2026-01-01T00:00:00Z" })
    await addApiKey(database.postgres, person)
    expect(await finding("platform", "left-over access")).toMatchObject({
      state: "warning",
      says: "1 deleted user left with access: sessions of 0, API keys of 1, invite codes of 0",
      remedy: [expect.stringMatching(/opsdeck users list --status left-over.* opsdeck users end-access ID/)],
    })
  })

  test("a column that older platforms lack is neither granted nor a right that is missing", async () => {
    await sql("alter table channel_identity_links drop column heartbeat_enabled")
    expect((await finding("postgres", "rights"))?.state).toBe("ok")
    const grants = (await run({ grants: true })).answer.data as Grant[]
    const statements = grants.filter(({ statement }) => statement.includes("channel_identity_links"))
    expect(statements.map(({ statement }) => statement.replace(/ ON .*/, ""))).toEqual([
      "GRANT SELECT (id, channel_id, channel_identity_id)",
      "GRANT SELECT (id, channel_id, channel_identity_id), UPDATE (updated_at)",
    ])
  })
})
