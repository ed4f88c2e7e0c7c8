import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { Deck } from "../../src/services/deck.ts"
import { commandOf } from "../../src/services/operation.ts"
import { showRun } from "../../src/services/runs/show-run.ts"
import { addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { addRun, addUsage } from "../support/runs.ts"

const command = commandOf(showRun)

eachGeneration(database => {
  let alice: Person
  beforeAll(async () => {
    alice = await addPerson(database.postgres, { username: "Alice\u202e", email: "alice@example.com" })
  })
  const sql = (text: string) => asSuperuser(text, database.url)
  const orgId = database.generation === "orgs" ? "org_id" : "account_id"
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)
  const show = (run_id: string) => deck().run(command, { run_id })
  const add = (columns: Parameters<typeof addRun>[1] = {}) =>
    addRun(database.postgres, { org_id: alice.orgId, created_by_user_id: alice.id, ...columns })
  const event = (run_id: string, seq: number, type: string, data: object = {}, error_class: string | null = null) =>
    database.postgres.transaction(tx =>
      tx
        .insertInto("run_events")
        .values({ run_id, seq, type, data_json: JSON.stringify(data), error_class })
        .execute(),
    )
  const spend = (run_id: string, amount: number, more: { type?: string; at?: string; org?: string } = {}) =>
    sql(`insert into credit_transactions (${orgId}, amount, type, reference_type, reference_id, created_at)
      values ('${more.org ?? alice.orgId}', ${amount}, '${more.type ?? "consumption"}', 'run', '${run_id}', ${more.at ?? "now()"})`)

  test("says who started it, and that it was deleted, when", async () => {
    const deleted_at = "2026-03-01T12:00:00.000001Z"
    const found = await show(await add({ deleted_at }))
    expect(found).toMatchObject({
      deleted_at,
      created_by_user_id: alice.id,
      created_by_user_name: "Alice\u202e",
      created_by_email: "alice@example.com",
      parent_run_id: null,
      error: null,
      children: [],
      total_aggregate: null,
    })
    expect(Object.keys(found)).toEqual(Object.keys(command.answer.parse(found)))
  })

  describe("why it failed", () => {
    const why = async (run_id: string) => (await show(run_id)).error
    const failed = () => add({ status: "failed" })

    test("is what its last event says, not what went wrong before", async () => {
      const id = await failed()
      expect(await why(id)).toBeNull()
      await event(id, 1, "tool.result", { error: { error_class: "tool.failed", message: "no page" } }, "tool.failed")
      expect(await why(id)).toEqual({ error_class: "tool.failed", message: "no page" })
      await event(id, 2, "run.failed", { error_class: "budget.exceeded", message: "over $ 0.50\u001b[2J\n\u202enext" })
      await event(id, 3, "llm.request", {}, "later")
      expect(await why(id)).toEqual({ error_class: "budget.exceeded", message: "over $ 0.50\u001b[2J\n\u202enext" })
    })

    test("is the reason, where the platform ended it itself", async () => {
      const id = await failed()
      await event(id, 1, "run.failed", { reason: "stale run reaped", details: { minutes: 5 } }, "worker.timeout")
      expect(await why(id)).toEqual({ error_class: "worker.timeout", message: 'stale run reaped: {"minutes": 5}' })
    })

    test("is an earlier error, where the last event says nothing; a strange one is not fatal", async () => {
      const id = await failed()
      await event(id, 1, "llm.request", {}, "provider.timeout")
      for (const [seq, data] of [[], "text", 7].entries()) await event(id, 2 + seq, "run.failed", data as object)
      expect(await why(id)).toEqual({ error_class: "provider.timeout", message: null })
    })

    test("is asked of no run that went well, and told of an interrupted one", async () => {
      const done = await add({ status: "completed" })
      await event(done, 1, "tool.result", {}, "tool.failed")
      expect(await why(done)).toBeNull()
      const interrupted = await add({ status: "interrupted" })
      await event(interrupted, 1, "run.interrupted", { reason: "the worker was stopped" })
      expect(await why(interrupted)).toEqual({ error_class: null, message: "the worker was stopped" })
    })
  })

  describe("the cache", () => {
    const used = async (columns: object, total_input_tokens = 10_000) => {
      const id = await add({ total_input_tokens })
      await addUsage(database.postgres, { run_id: id, ...columns })
      return show(id)
    }

    test("has a hit rate of each of its two ways, and none where both or neither were used", async () => {
      const rate = async (...given: Parameters<typeof used>) => (await used(...given)).cache_hit_rate
      expect(await rate({ cache_read_tokens: 5000, cache_creation_tokens: 2000 }, 3000)).toBe(0.5)
      expect(await rate({ cache_creation_tokens: 2000 })).toBe(0)
      expect(await rate({ cached_tokens: 4000 })).toBe(0.4)
      expect(await rate({ cached_tokens: 4000, cache_read_tokens: 1 })).toBeNull()
      expect(await rate({})).toBeNull()
      expect(await rate({ cached_tokens: 4000 }, 0)).toBeNull()
    })

    test("is summed over the records of usage; without any nothing is known", async () => {
      const id = await add()
      expect(await show(id)).toMatchObject({
        cache_read_tokens: null,
        cache_creation_tokens: null,
        cached_tokens: null,
      })
      await addUsage(database.postgres, { run_id: id, cache_read_tokens: "9223372036854775807" })
      await addUsage(database.postgres, { run_id: id, cache_read_tokens: "1", usage_type: "embedding" })
      expect(await show(id)).toMatchObject({ cache_read_tokens: 9223372036854775808n, cached_tokens: 0n })
    })
  })

  describe("children", () => {
    test("are told oldest first with the same figures, in as many queries as one, and summed up", async () => {
      const parent = await add({
        total_input_tokens: 1,
        total_output_tokens: 2,
        total_cost_usd: "0.10000000000000001",
        created_at: "2026-03-01T11:59:00Z",
      })
      const younger = await add({ parent_run_id: parent, created_at: "2026-03-01T12:00:00.000002Z" })
      const older = await add({
        parent_run_id: parent,
        created_at: "2026-03-01T12:00:00.000001Z",
        deleted_at: "2026-03-02T12:00:00Z",
        total_input_tokens: "9223372036854775807",
        total_cost_usd: "0.2",
        model: "asked-for",
      })
      await add({ parent_run_id: older })
      await event(older, 2, "run.route.selected", { model: "routed", credential_name: "main" })
      await addUsage(database.postgres, { run_id: older, cached_tokens: 7 })
      await spend(parent, -5)
      await spend(older, -3)
      await spend(older, -4)
      const found = await show(parent)
      expect(command.answer.parse(found)).toEqual(found)
      expect(found.children.map(({ run_id }) => run_id)).toEqual([older, younger])
      expect(found.children[0]).toMatchObject({
        ...{ parent_run_id: parent, model: "routed", credential_name: "main", cached_tokens: 7n, credits_used: 7n },
        deleted_at: "2026-03-02T12:00:00Z",
      })
      expect(found.children[1]).toMatchObject({ total_input_tokens: null, cached_tokens: null, credits_used: 0n })
      expect(found.total_aggregate).toMatchObject({
        total_input_tokens: 9223372036854775808n,
        total_output_tokens: 2n,
        credits_used: 12n,
      })
      expect(String(found.total_aggregate?.total_cost_usd)).toBe("0.30000000000000001")
      expect(await show(older)).toMatchObject({ parent_run_id: parent, children: [{ parent_run_id: older }] })
    })

    test("are the oldest 200, and the sums are those of all; a run that is its own parent is no child of itself", async () => {
      const parent = await add({ total_cost_usd: 1 })
      await sql(`update runs set parent_run_id = id where id = '${parent}';
        insert into runs (${orgId}, thread_id, parent_run_id, total_cost_usd, created_at)
        select '${alice.orgId}', gen_random_uuid(), '${parent}', 1, now() + n * interval '1 s' from generate_series(1, 203) n`)
      const found = await deck().run(showRun, { run_id: parent })
      expect(found.children).toHaveLength(200)
      expect(found).toMatchObject({ children_count: 203, has_grandchildren: false })
      await add({ parent_run_id: found.children[0]?.run_id as string })
      expect(await deck().run(showRun, { run_id: parent })).toMatchObject({ has_grandchildren: true })
      expect(String(found.total_aggregate?.total_cost_usd)).toBe("204")
    })
  })

  test("what a run that goes on cost so far is told; of one that has ended its total is all", async () => {
    const id = await add({ status: "running" })
    await sql(
      `insert into usage_records (${orgId}, run_id, model, cost_usd) values ('${alice.orgId}', '${id}', 'm', 0.0085)`,
    )
    const costSoFar = async () => (await deck().run(showRun, { run_id: id })).cost_so_far
    expect(String(await costSoFar())).toBe("0.0085")
    await sql(`update runs set status = 'completed' where id = '${id}'`)
    expect(await costSoFar()).toBeNull()
  })

  describe("credits", () => {
    const credits = async (run_id: string) => {
      const { credits_used, credits } = await deck().run(showRun, { run_id })
      return [credits_used, credits]
    }

    test("are what its organization was charged for it since it began, and nothing else", async () => {
      const id = await add()
      await spend(id, -7)
      await spend(id, 100, { type: "refund" })
      await spend(id, -100, { org: randomUUID() })
      await spend(id, -100, { at: "now() - interval '1 day'" })
      await spend(randomUUID(), -100)
      expect(await credits(id)).toEqual([7n, "kept"])
      expect(await credits(await add())).toEqual([0n, "kept"])
    })

    test("are unknown where the platform has no table of them, and so are names of credentials", async () => {
      const id = await add()
      await event(id, 1, "run.route.selected", { model: "m", credential_id: randomUUID() })
      await sql("alter table credit_transactions rename to away; alter table llm_credentials rename to away_too")
      try {
        expect(await credits(id)).toEqual([null, "absent"])
        expect(await show(id)).toMatchObject({ credential_name: null, total_aggregate: null })
      } finally {
        await sql("alter table away rename to credit_transactions; alter table away_too rename to llm_credentials")
      }
    })
  })

  test("a credential that an older run gives the id of alone is named", async () => {
    const [row] = await sql("insert into llm_credentials (name) values ('openai-eu') returning id")
    const id = await add()
    await event(id, 1, "run.route.selected", { model: "m", credential_id: row?.id })
    expect(await show(id)).toMatchObject({ model: "m", credential_name: "openai-eu" })
    const odd = await add()
    await event(odd, 1, "run.route.selected", { model: "m", credential_id: "no id" })
    expect(await show(odd)).toMatchObject({ credential_name: null })
  })
})
