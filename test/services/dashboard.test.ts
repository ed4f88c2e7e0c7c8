import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { showDashboard } from "../../src/services/dashboard/dashboard.ts"
import type { OperationContext } from "../../src/services/operation.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration, type TestDatabase } from "../support/postgres.ts"
import { addRun, addUsage, ago, DAY_S } from "../support/runs.ts"

const figures = async ({ postgres }: TestDatabase) => {
  const { total_cost_usd, ...counts } = await showDashboard.run({ postgres } as OperationContext, {})
  return { ...counts, total_cost_usd: String(total_cost_usd) }
}

eachGeneration(database => {
  test("an empty platform has nothing of everything", async () => {
    expect(await figures(database)).toEqual({
      total_users: 0n,
      active_users_30d: 0n,
      total_runs: 0n,
      runs_today: 0n,
      total_input_tokens: 0n,
      total_output_tokens: 0n,
      total_cost_usd: "0.00000000",
      active_orgs: 0n,
    })
  })

  test("every figure counts what the contract says, with all its digits", async () => {
    const { postgres } = database
    await addPerson(postgres, { last_login_at: ago(29 * DAY_S) })
    await addPerson(postgres, { last_login_at: ago(31 * DAY_S), status: "suspended" })
    await addPerson(postgres, { last_login_at: ago(60), deleted_at: ago(30) })
    const { orgId } = await addPerson(postgres)
    const { orgId: suspended } = await addPerson(postgres)
    await postgres.transaction(async tx => {
      await tx.updateTable("orgs").set({ status: "suspended" }).where("id", "=", suspended).execute()
      await tx
        .updateTable("orgs")
        .set({ deleted_at: ago(60) })
        .where("id", "=", orgId)
        .execute()
    })

    const midnight = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`
    const justBefore = new Date(Date.parse(midnight) - 1).toISOString()
    await addRun(postgres, { created_at: midnight })
    await addRun(postgres, { created_at: justBefore })
    await addRun(postgres, { created_at: midnight, deleted_at: ago(0) })

    const most = "9007199254740993"
    await addUsage(postgres, { input_tokens: most, output_tokens: "1", cost_usd: "9007199254.74099301" })
    await addUsage(postgres, { input_tokens: most, output_tokens: "2", cost_usd: "0.00000001" })
    await addUsage(postgres, { run_id: randomUUID(), usage_type: "memory", cost_usd: "0.1" })
    expect(await figures(database)).toEqual({
      total_users: 4n,
      active_users_30d: 1n,
      total_runs: 2n,
      runs_today: 1n,
      total_input_tokens: 18_014_398_509_481_986n,
      total_output_tokens: 3n,
      total_cost_usd: "9007199254.84099302",
      active_orgs: 3n,
    })
  })
})
