import { randomUUID } from "node:crypto"
import { beforeAll, expect, test } from "vitest"
import { Decimal } from "../../src/domain/decimal.ts"
import { listAudit } from "../../src/services/audit-log.ts"
import { Deck } from "../../src/services/deck.ts"
import { listInviteCodes } from "../../src/services/invite-codes/invite-codes.ts"
import { commandOf } from "../../src/services/operation.ts"
import { listRedemptionCodes } from "../../src/services/redemption/redemption-codes.ts"
import { listReferrals } from "../../src/services/referrals/referrals.ts"
import { listRuns } from "../../src/services/runs/runs.ts"
import { totalOf } from "../../src/services/total.ts"
import { listUsers } from "../../src/services/users/users.ts"
import { addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

const MOST = "9223372036854775807"

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
    expect(await deck().run(totalOf(listRuns), {})).toMatchObject(exact(3))
    expect(await deck().run(totalOf(listRuns), { status: "failed", user_id: alice.id })).toMatchObject(exact(2))
    for (const list of [listInviteCodes, listRedemptionCodes, listReferrals, listAudit]) {
      const { data } = await deck().run(list as typeof listAudit, {})
      expect(await deck().run(totalOf(list as typeof listAudit), {})).toEqual(exact(data.length))
    }
    expect(await deck().run(totalOf(listAudit), { q: "nobody" })).toEqual(exact(0))
    expect(await deck().run(totalOf(listRedemptionCodes), { q: "spring", state: "active" })).toEqual(exact(0))
  })

  test("runs are summed up exactly, all that the filter finds and no other", async () => {
    for (const total_cost_usd of ["0.00000001", "99999999999.10000001"]) {
      await database.postgres.transaction(tx =>
        tx
          .updateTable("runs")
          .set({ total_cost_usd, total_input_tokens: MOST, total_output_tokens: 7 })
          .where("id", "=", eb =>
            eb
              .selectFrom("runs")
              .select("id")
              .where("status", "=", "failed")
              .where("total_cost_usd", "is", null)
              .limit(1),
          )
          .execute(),
      )
    }
    const sums = {
      total_input_tokens: String(2n * BigInt(MOST)),
      total_output_tokens: "14",
      total_cost_usd: "99999999999.10000002",
    }
    expect(await deck().run(totalOf(listRuns), {})).toEqual({ rows: 3, isExact: true, sums })
    const none = { total_input_tokens: "0", total_output_tokens: "0", total_cost_usd: "0" }
    expect(await deck().run(totalOf(listRuns), { status: "running" })).toEqual({ rows: 1, isExact: true, sums: none })
    const asked = await deck().run(commandOf(listRuns), { status: "failed", sums: true, limit: 1 })
    expect(asked.data).toHaveLength(1)
    expect(asked.sums).toEqual({
      runs: 2n,
      total_input_tokens: 2n * BigInt(MOST),
      total_output_tokens: 14n,
      total_cost_usd: new Decimal("99999999999.10000002"),
    })
    expect(await deck().run(commandOf(listRuns), {})).not.toHaveProperty("sums")
  })

  test("what is too much to count is estimated, and what was searched for is not", async () => {
    // As its statistics say, a page of the table holds ten million rows.
    const swollen =
      "analyze runs, users; update pg_class set reltuples = 1e7, relpages = 1 where relname in ('runs', 'users')"
    await asSuperuser(swollen, database.url)
    const all = await deck().run(totalOf(listRuns), {})
    expect(all?.isExact).toBe(false)
    expect(all).not.toHaveProperty("sums")
    expect(all?.rows).toBeGreaterThan(1_000_000)
    expect(await deck().run(totalOf(listUsers), { q: "ali" })).toBeNull()
  })
})
