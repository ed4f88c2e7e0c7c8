import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { branchOf } from "../../src/domain/run-tree.ts"
import { Deck } from "../../src/services/deck.ts"
import { DEEPEST, MOST_RUNS, readRunTree } from "../../src/services/runs/run-tree.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { addRun } from "../support/runs.ts"

eachGeneration(database => {
  const sql = (text: string) => asSuperuser(text, database.url)
  const orgId = database.generation === "orgs" ? "org_id" : "account_id"
  const read = (run_id: string) =>
    new Deck({ postgres: database.postgres, redis: {} as never }, {} as never).run(readRunTree, { run_id })
  const add = (parent_run_id: string | null, columns: Parameters<typeof addRun>[1] = {}) =>
    addRun(database.postgres, { parent_run_id, status: "completed", ...columns })
  /** Makes `count` runs, each started by the run before, or all by `parent`; returns the last one. */
  const many = async (count: number, parent: string, kind: "chain" | "children") => {
    const id = (n: string) => `md5('${parent}' || ${n})::uuid`
    await sql(`insert into runs (id, ${orgId}, thread_id, parent_run_id)
      select ${id("n")}, gen_random_uuid(), gen_random_uuid(),
        ${kind === "chain" ? `case n when 1 then '${parent}' else ${id("(n - 1)")} end` : `'${parent}'`}
      from generate_series(1, ${count}) n`)
    const [last] = await sql(`select ${id(`'${count}'`)} as id`)
    return String(last?.id)
  }

  test("begins with the first run of all, and sums up each branch, deleted runs included", async () => {
    const first = await add(null, { total_cost_usd: "0.1" })
    const middle = await add(first, { total_cost_usd: "0.02", status: "failed", created_at: "2026-03-01T12:00:00Z" })
    const gone = await add(first, { total_cost_usd: "0.00000001", deleted_at: "2026-03-01T12:00:00Z" })
    const leaf = await add(middle, { total_input_tokens: 5, total_output_tokens: 7 })
    const tree = await read(leaf)
    expect(tree).toMatchObject({ cut: false, cut_above: false })
    expect(tree.nodes.map(({ run_id }) => run_id)).toEqual([first, middle, gone, leaf])
    expect(tree.nodes[2]).toMatchObject({ deleted_at: "2026-03-01T12:00:00Z", parent_run_id: first, cost: 1n })
    expect(branchOf(tree)).toMatchObject({
      ...{ runs: 4, failed: 1, running: 0, tokens: 12n, cost: 12_000_001n },
      children: [{ runs: 2, cost: 2_000_000n, tokens: 12n }, { runs: 1 }],
    })
  })

  test("a run that is running has cost what its turns say, and in a tree of one there is no other", async () => {
    const id = await add(null, { status: "running" })
    await sql(`insert into run_events (run_id, seq, type, data_json) values
      ('${id}', 1, 'llm.turn.completed', '{"cost": {"amount_micros": 1500}}'),
      ('${id}', 2, 'llm.turn.completed', '{"cost": {"amount_micros": "a lot"}}')`)
    expect(branchOf(await read(id))).toMatchObject({ runs: 1, running: 1, cost: 150_000n })
  })

  test("that is not there is not found; a parent that is gone does not matter", async () => {
    await expect(read(randomUUID())).rejects.toMatchObject({ code: "not_found" })
    const orphan = await add(randomUUID())
    expect(await read(orphan)).toMatchObject({ nodes: [{ run_id: orphan, parent_run_id: null }], cut_above: false })
  })

  test("runs that started one another in a ring are each told once", async () => {
    const [one, other] = [await add(null), await add(null)]
    await sql(`update runs set parent_run_id = '${other}' where id = '${one}';
      update runs set parent_run_id = '${one}' where id = '${other}'`)
    const { nodes } = await read(one)
    expect(new Set(nodes.map(({ run_id }) => run_id))).toEqual(new Set([one, other]))
    expect(nodes).toHaveLength(2)
    const own = await add(null)
    await sql(`update runs set parent_run_id = id where id = '${own}'`)
    expect((await read(own)).nodes).toHaveLength(1)
  })

  test("is read to so many levels and runs, and says that there are more", async () => {
    const wide = await add(null)
    await many(MOST_RUNS - 1, wide, "children")
    expect(await read(wide)).toMatchObject({ cut: false, nodes: { length: MOST_RUNS } })
    await add(wide)
    expect(await read(wide)).toMatchObject({ cut: true, nodes: { length: MOST_RUNS } })
    const deep = await add(null)
    const last = await many(DEEPEST, deep, "chain")
    expect(await read(last)).toMatchObject({ cut: false, cut_above: false, nodes: { length: DEEPEST + 1 } })
    const further = await add(last)
    expect(await read(deep)).toMatchObject({ cut: true, nodes: { length: DEEPEST + 1 } })
    expect(await read(further)).toMatchObject({ cut: false, cut_above: true, nodes: { length: DEEPEST + 1 } })
  })
})
