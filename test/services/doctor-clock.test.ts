import { expect, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { doctorOn } from "../support/doctor.ts"
import { operationsOn } from "../support/operators.ts"
import { eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const visit = doctorOn(database, operations)
  const logClock = async () => (await visit()).found.get("platform log's clock")

  test("says by how much the log's ids are ahead of Redis's clock", async () => {
    await operations.gateway.xadd(ACCESS_LOG, "*", "path", "/")
    expect(await logClock()).toMatchObject({ state: "ok" })
    await operations.gateway.xadd(ACCESS_LOG, `${Date.now() + 3_600_000}-0`, "path", "/")
    expect(await logClock()).toMatchObject({
      state: "warning",
      says: "the log's ids are 60 min ahead of Redis's clock: requests count as they arrive",
      remedy: [expect.stringMatching(/wrong clock/)],
    })
  })
})
