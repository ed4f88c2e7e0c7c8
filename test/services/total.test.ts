import { randomUUID } from "node:crypto"
import { beforeAll, expect, test } from "vitest"
import { listAudit } from "../../src/services/audit-list.ts"
import { Deck } from "../../src/services/deck.ts"
import { listInviteCodes } from "../../src/services/invite-codes/invite-codes.ts"
import { listRedemptionCodes } from "../../src/services/redemption/redemption-codes.ts"
import { listReferrals } from "../../src/services/referrals/referrals.ts"
import { listRuns } from "../../src/services/runs/runs.ts"
import { totalOf } from "../../src/services/total.ts"
import { listUsers } from "../../src/services/users/users.ts"
import { addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  let alice: Person
  beforeAll(async () => {
    alice = await addPerson(database.postgres, { username: "Alice" })
    await addPerson(database.postgres, { username: "Bob" })
    await database.postgres.transaction(async tx => {
      const run = { org_id: alice.orgId, thread_id: randomUUID(), created_by_user_id: alice.id }
      for (const status of ["running", "failed", "failed"] as const)
        await tx
          .insertInto("runs")
          .values({ ...run, id: randomUUID(), status })
          .execute()
    })
  })
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)

  test("every list has a total, of what its filter leaves", async () => {
    const exact = (rows: number) => ({ rows, isExact: true })
    expect(await deck().run(totalOf(listUsers), {})).toEqual(exact(2))
    expect(await deck().run(totalOf(listUsers), { q: "ali" })).toEqual(exact(1))
    expect(await deck().run(totalOf(listUsers), { status: "suspended" })).toEqual(exact(0))
    expect(await deck().run(totalOf(listRuns), {})).toEqual(exact(3))
    expect(await deck().run(totalOf(listRuns), { status: "failed", user_id: alice.id })).toEqual(exact(2))
    for (const list of [listInviteCodes, listRedemptionCodes, listReferrals, listAudit]) {
      const { data } = await deck().run(list as typeof listAudit, {})
      expect(await deck().run(totalOf(list as typeof listAudit), {})).toEqual(exact(data.length))
    }
    expect(await deck().run(totalOf(listAudit), { q: "nobody" })).toEqual(exact(0))
    expect(await deck().run(totalOf(listRedemptionCodes), { q: "spring", state: "active" })).toEqual(exact(0))
  })

  test("what is too much to count is estimated, and what was searched for is not", async () => {
    // As its statistics say, a page of the table holds ten million rows.
    const swollen =
      "analyze runs, users; update pg_class set reltuples = 1e7, relpages = 1 where relname in ('runs', 'users')"
    await asSuperuser(swollen, database.url)
    const all = await deck().run(totalOf(listRuns), {})
    expect(all?.isExact).toBe(false)
    expect(all?.rows).toBeGreaterThan(1_000_000)
    expect(await deck().run(totalOf(listUsers), { q: "ali" })).toBeNull()
  })
})
