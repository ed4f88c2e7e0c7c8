import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { type ReplicatedPostgres, startReplicatedPostgres } from "../support/replicated-postgres.ts"

let pair: ReplicatedPostgres
beforeAll(async () => {
  pair = await startReplicatedPostgres()
  await pair.createPlatform()
})
afterAll(() => pair.stop())

describe("a standby", () => {
  test("is read like the primary, and changes nothing until it is promoted", async () => {
    const postgres = openPostgres({ url: pair.standby.url("platform") })
    const flags = () => postgres.run(db => db.selectFrom("feature_flags").selectAll().execute())
    const insert = () => postgres.transaction(db => db.insertInto("feature_flags").values({ key: "standby" }).execute())
    await expect(flags()).resolves.toEqual([])
    await expect(insert()).rejects.toMatchObject({ code: "unavailable" })
    await pair.primary.kill()
    await pair.standby.promote()
    await expect(insert()).resolves.toBeDefined()
    await postgres.close()
  })
})
