import { beforeAll, expect, test } from "vitest"
import { Deck } from "../../src/services/deck.ts"
import { listUsersOfRuns } from "../../src/services/runs/run-users.ts"
import { totalOf } from "../../src/services/total.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { addRun, ago, DAY_S } from "../support/runs.ts"

eachGeneration(database => {
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)
  const ids = { alice: "", bob: "" }
  const listed = async (input: object) =>
    (await deck().run(listUsersOfRuns, input)).data.map(({ user_id, runs, failed, total_cost_usd, share }) => {
      const name = user_id === ids.alice ? "alice" : user_id === ids.bob ? "bob" : String(user_id)
      return [name, runs, failed, String(total_cost_usd), share]
    })

  beforeAll(async () => {
    const { postgres } = database
    for (const name of ["alice", "bob"] as const) ids[name] = (await addPerson(postgres, { username: name })).id
    const by = (created_by_user_id: string | null, total_cost_usd: string | null, columns: object = {}) =>
      addRun(postgres, {
        ...{ created_by_user_id, total_cost_usd, total_input_tokens: 10, created_at: ago(60), model: "claude-a" },
        ...columns,
      })
    await by(ids.alice, "1.00000001")
    await by(ids.alice, "0.5", { status: "failed", model: "gpt-b" })
    // It costs nothing before it has ended.
    await by(ids.alice, null)
    await by(ids.bob, "1.49999999")
    await by(ids.bob, "7", { created_at: ago(3 * DAY_S) })
    await by(ids.bob, "100", { deleted_at: ago(1) })
    await by(null, "1", { status: "failed" })
  })

  test("users by what their runs of the last day cost, those of nobody together, each with its share", async () => {
    expect(await listed({})).toEqual([
      ["alice", 3n, 1n, "1.50000001", expect.closeTo(0.375)],
      ["bob", 1n, 0n, "1.49999999", expect.closeTo(0.375)],
      ["null", 1n, 1n, "1", expect.closeTo(0.25)],
    ])
    const { since } = await deck().run(listUsersOfRuns, {})
    expect(Date.now() - Date.parse(since)).toBeLessThan(DAY_S * 1000 + 60_000)
  })

  test("a filter of runs holds for what is summed up, its period too", async () => {
    expect((await listed({ filter: "since:7d" })).slice(0, 2)).toEqual([
      ["bob", 2n, 0n, "8.49999999", expect.any(Number)],
      ["alice", 3n, 1n, "1.50000001", expect.any(Number)],
    ])
    expect(await listed({ filter: "model:gpt user:alice" })).toEqual([["alice", 1n, 1n, "0.5", 1]])
    expect(await listed({ user_id: ids.bob, filter: "since>2d since:7d" })).toEqual([["bob", 1n, 0n, "7", 1]])
    await expect(listed({ filter: "since>2d" })).rejects.toMatchObject({ code: "invalid", field: "sort" })
  })

  test("other sums sort as well, either way, and the limit keeps the first", async () => {
    expect((await listed({ sort: "-runs", limit: 1 }))[0]?.[0]).toBe("alice")
    expect((await listed({ sort: "failed", limit: 1 }))[0]?.[0]).toBe("bob")
    expect((await listed({ sort: "total_cost_usd" })).map(([name]) => name)).toEqual(["null", "bob", "alice"])
  })

  test("all of them are counted and summed up, however many are listed", async () => {
    const total = await deck().run(totalOf(listUsersOfRuns), { limit: 1 })
    expect(total).toMatchObject({ rows: 3, sums: { total_cost_usd: "4.00000000", total_input_tokens: "50" } })
  })
})
