import { randomUUID } from "node:crypto"
import type { Insertable } from "kysely"
import { beforeAll, describe, expect, test } from "vitest"
import type { z } from "zod"
import type { Tables } from "../../src/adapters/postgres/tables.ts"
import type { runFilter } from "../../src/domain/run.ts"
import { Deck } from "../../src/services/deck.ts"
import { commandOf } from "../../src/services/operation.ts"
import { listRuns } from "../../src/services/runs/runs.ts"
import { showRun } from "../../src/services/runs/show-run.ts"
import { addPerson, type Person } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const listCommand = commandOf(listRuns)
const showCommand = commandOf(showRun)

const MOST = "9223372036854775807"

eachGeneration(database => {
  let alice: Person
  let bob: Person
  beforeAll(async () => {
    alice = await addPerson(database.postgres, { username: "Alice" })
    bob = await addPerson(database.postgres)
  })

  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)
  const list = (input: z.input<typeof runFilter> = {}) => deck().run(listCommand, input)
  const show = (run_id: string) => deck().run(showCommand, { run_id })

  const addRun = async (columns: Partial<Insertable<Tables["runs"]>> = {}, person = alice): Promise<string> => {
    const id = randomUUID()
    const plain = { id, org_id: person.orgId, thread_id: randomUUID(), created_by_user_id: person.id }
    await database.postgres.transaction(tx =>
      tx
        .insertInto("runs")
        .values({ ...plain, ...columns })
        .execute(),
    )
    return id
  }
  const addEvents = (run_id: string, ...events: [seq: number, type: string, data?: Record<string, unknown>][]) =>
    database.postgres.transaction(tx =>
      tx
        .insertInto("run_events")
        .values(events.map(([seq, type, data = {}]) => ({ run_id, seq, type, data_json: JSON.stringify(data) })))
        .execute(),
    )

  describe("one run", () => {
    test("is answered with every digit and every microsecond, and with its first route", async () => {
      const run_id = await addRun({
        status: "completed",
        model: "asked-for",
        persona_id: "pro",
        duration_ms: MOST,
        total_input_tokens: MOST,
        total_output_tokens: "9007199254740993",
        total_cost_usd: "123456789012345678.10000001",
        created_at: "2026-03-01T12:00:00.120450Z",
        completed_at: "2026-03-01T12:00:00.000001Z",
      })
      const route = { model: "routed", provider_kind: "anthropic", credential_name: "main", persona_model: "p" }
      await addEvents(
        run_id,
        [5, "run.route.selected", { ...route, model: "later" }],
        [2, "run.route.selected", route],
        [3, "llm.request"],
        [4, "tool.call"],
        [6, "llm.request"],
        [7, "run.provider_fallback"],
      )
      const found = await show(run_id)
      expect(showCommand.answer.parse(found)).toEqual(found)
      expect(found).toMatchObject({
        run_id,
        org_id: alice.orgId,
        created_by_user_id: alice.id,
        status: "completed",
        ...route,
        persona_id: "pro",
        duration_ms: BigInt(MOST),
        total_input_tokens: BigInt(MOST),
        total_output_tokens: 9007199254740993n,
        created_at: "2026-03-01T12:00:00.12045Z",
        completed_at: "2026-03-01T12:00:00.000001Z",
        failed_at: null,
        events: { total: 6n, llm_turns: 2n, tool_calls: 1n, provider_fallbacks: 1n },
      })
      expect(String(found.total_cost_usd)).toBe("123456789012345678.10000001")
    })

    test("has no numbers and no route before there are any; what is no string in the data is none", async () => {
      const run_id = await addRun({ model: "asked-for" })
      expect(await show(run_id)).toMatchObject({
        status: "running",
        model: "asked-for",
        provider_kind: null,
        duration_ms: null,
        total_cost_usd: null,
        events: { total: 0n, llm_turns: 0n, tool_calls: 0n, provider_fallbacks: 0n },
      })
      await addEvents(run_id, [1, "run.route.selected", { model: 7, provider_kind: { a: 1 }, credential_name: null }])
      expect(await show(run_id)).toMatchObject({ model: "asked-for", provider_kind: null, credential_name: null })
    })

    test("is not found when it does not exist, and an id that is none is refused", async () => {
      await expect(show(randomUUID())).rejects.toMatchObject({ code: "not_found", traceId: expect.any(String) })
      for (const bad of ["", "1", "%", "'", "\0", "x".repeat(10_000), `${randomUUID()}x`]) {
        await expect(show(bad), bad).rejects.toMatchObject({ code: "invalid", field: "run_id" })
      }
    })
  })

  describe("the list", () => {
    test("is narrowed by status, user and organization, and leaves deleted runs out", async () => {
      const failed = await addRun({ status: "failed" }, bob)
      const running = await addRun({}, bob)
      await addRun({ deleted_at: new Date().toISOString() }, bob)
      const ids = async (filter: z.input<typeof runFilter>) => (await list(filter)).data.map(run => run.run_id)
      expect(new Set(await ids({ user_id: bob.id }))).toEqual(new Set([failed, running]))
      expect(new Set(await ids({ org_id: bob.orgId.toUpperCase() }))).toEqual(new Set([failed, running]))
      expect(await ids({ user_id: bob.id, status: "failed" })).toEqual([failed])
      expect(await ids({ user_id: bob.id, org_id: alice.orgId })).toEqual([])
    })

    test("holds the fields of the contract alone; the console is told the names as well", async () => {
      const run_id = await addRun({}, bob)
      const { data } = await list({ user_id: bob.id, limit: 1 })
      expect(listCommand.answer.parse({ data, next_cursor: null }).data).toEqual(data)
      expect(Object.keys(data[0] ?? {})).toEqual(
        Object.keys(listCommand.answer.parse({ data, next_cursor: null }).data[0] ?? {}),
      )
      const browsed = await deck().run(listRuns, { org_id: alice.orgId, limit: 1 })
      expect(browsed.data).toMatchObject([{ login: alice.login, username: "Alice", org_name: alice.login }])
      expect(data[0]?.run_id).toBe(run_id)
      expect(data[0]).not.toHaveProperty("username")
    })

    test("pages through runs of the same microsecond, each once", async () => {
      const carol = await addPerson(database.postgres)
      const ids = await Promise.all(
        Array.from({ length: 9 }, () => addRun({ created_at: "2026-01-01T00:00:00.000001Z" }, carol)),
      )
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await list({ user_id: carol.id, limit: 2, ...(cursor === undefined ? {} : { cursor }) })
        seen.push(...page.data.map(run => run.run_id))
        cursor = page.next_cursor ?? undefined
      } while (cursor !== undefined)
      expect(seen).toEqual(ids.toSorted().toReversed())
    })

    test("refuses what is no id, status, limit or cursor, naming it", async () => {
      const { next_cursor } = await list({ limit: 1 })
      const bad = [
        { user_id: "x" },
        { org_id: "%" },
        { status: "done" },
        { limit: 0 },
        { limit: 201 },
        { cursor: next_cursor?.slice(0, -1) },
      ]
      for (const input of bad) {
        await expect(list(input as never)).rejects.toMatchObject({ code: "invalid", field: Object.keys(input)[0] })
      }
    })
  })
})
