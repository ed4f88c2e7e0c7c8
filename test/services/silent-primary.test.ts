import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { ReadReplica } from "../../src/adapters/postgres/read-replica.ts"
import { type ReplicatedPostgres, startReplicatedPostgres } from "../support/replicated-postgres.ts"
import { eventually } from "../support/waiting.ts"

let pair: ReplicatedPostgres
beforeAll(async () => {
  pair = await startReplicatedPostgres({ wal_receiver_timeout: "20s" })
  await pair.createPlatform()
})
afterAll(() => pair.stop())

/** Reads from `replica`, and from the primary at `url` where that will not do; answers where it was. */
function reading(url: string, replica: string, maxLagS = 2) {
  const primary = openPostgres({ url })
  const postgres = new ReadReplica(primary, { url: replica, maxLagS })
  onTestFinished(async () => {
    await postgres.close()
    await primary.close()
  })
  return async () => {
    await postgres.run(db => db.selectFrom("feature_flags").selectAll().execute())
    return postgres.readFrom
  }
}

test("a replica that hears nothing of its primary is as far behind as what it lacks of it is old", async () => {
  const readFrom = reading(pair.primary.url("platform"), pair.standby.url("platform"))
  expect(await readFrom()).toMatchObject({ replica: { lagS: 0 } })
  const again = await pair.silence()
  onTestFinished(again)
  await pair.primary.query("insert into feature_flags (key) values ('silent')", "platform")
  await eventually(async () =>
    expect(await readFrom()).toEqual({ primary: expect.stringMatching(/^replica [2-9] s behind$/) }),
  )
  again()
  await eventually(async () => expect(await readFrom()).toMatchObject({ replica: { lagS: 0 } }))
})

test("one that is in use itself says how long it has heard nothing, once that is longer than it should be", async () => {
  const postgres = openPostgres({ url: pair.standby.url("platform") })
  onTestFinished(() => postgres.close())
  const lag = async () => {
    await postgres.ping()
    return postgres.replica?.lagS
  }
  await pair.caughtUp()
  await eventually(async () => expect(await lag()).toBe(0))
  onTestFinished(await pair.silence())
  let seen = 0
  await eventually(async () => {
    seen = (await lag()) ?? 0
    expect(seen).toBeGreaterThan(11)
  })
  // Its connection to the primary ends after 20 s.
  expect(seen).toBeLessThan(18)
})

test("one that follows a former primary is noticed, and not read", async () => {
  const follower = await pair.anotherStandby()
  onTestFinished(() => follower.stop())
  await pair.caughtUp()
  const readFrom = reading(pair.standby.url("platform"), follower.url("platform"))
  await pair.standby.promote()
  await eventually(async () =>
    expect(await readFrom()).toEqual({
      primary: "readUrl follows another server than the primary, which was promoted",
    }),
  )
  // It goes on with what it follows.
  await pair.primary.query("insert into feature_flags (key) values ('former')", "platform")
  await eventually(async () =>
    expect(await follower.query("select key from feature_flags", "platform")).toContainEqual({ key: "former" }),
  )
  expect(await readFrom()).toMatchObject({ primary: expect.any(String) })
})
