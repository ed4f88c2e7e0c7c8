import { randomUUID } from "node:crypto"
import type { Insertable } from "kysely"
import { beforeAll, describe, expect, test } from "vitest"
import type { z } from "zod"
import type { Tables } from "../../src/adapters/postgres/tables.ts"
import type { auditFilter } from "../../src/domain/audit-entry.ts"
import { listAudit } from "../../src/services/audit-log.ts"
import { Deck } from "../../src/services/deck.ts"
import { commandOf } from "../../src/services/operation.ts"
import { addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

const listCommand = commandOf(listAudit)

const TRACE = "0123456789abcdef0123456789abcdef"

eachGeneration(database => {
  let alice: Person
  let bob: Person
  let suspension: string
  let batch: string
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)
  const list = (input: z.input<typeof auditFilter> = {}) => deck().run(listCommand, input)
  const browse = (input: z.input<typeof auditFilter> = {}) => deck().run(listAudit, input)
  const add = async (columns: Partial<Insertable<Tables["audit_logs"]>>): Promise<string> => {
    const id = randomUUID()
    const plain = { id, action: "test", trace_id: "t" }
    await database.postgres.transaction(tx =>
      tx
        .insertInto("audit_logs")
        .values({ ...plain, ...columns } as Insertable<Tables["audit_logs"]>)
        .execute(),
    )
    return id
  }

  beforeAll(async () => {
    alice = await addPerson(database.postgres, { username: "Alice" })
    bob = await addPerson(database.postgres, { username: "Bob" })
    suspension = await add({
      ts: "2026-03-01T12:00:00.120450Z",
      actor_user_id: alice.id,
      action: "users.status_changed",
      target_type: "user",
      target_id: bob.id,
      trace_id: TRACE,
      metadata_json: JSON.stringify({ reason: "spam", old_status: "active" }),
      ip_address: "203.0.113.7",
      user_agent: "opsdeck/1",
      before_state_json: JSON.stringify({ status: "active" }),
      after_state_json: JSON.stringify({ status: "suspended" }),
    })
    batch = await add({ target_type: "redemption_code_batch", target_id: "spring %_'\"", actor_user_id: bob.id })
  })

  test("a row says who did what to whom, in the contract's fields alone", async () => {
    const { data } = await list({ action: "users.status_changed" })
    expect(listCommand.answer.parse({ data, next_cursor: null }).data).toEqual(data)
    expect(data).toEqual([
      {
        id: suspension,
        ts: "2026-03-01T12:00:00.12045Z",
        action: "users.status_changed",
        actor_user_id: alice.id,
        actor_login: alice.login,
        target_type: "user",
        target_id: bob.id,
        trace_id: TRACE,
        metadata: { reason: "spam", old_status: "active" },
      },
    ])
  })

  test("the console is told the rest of the row, and the names of both sides", async () => {
    const { data } = await browse({ action: "users.status_changed" })
    expect(data).toMatchObject([
      {
        id: suspension,
        actor_username: "Alice",
        target_login: bob.login,
        target_username: "Bob",
        ip_address: "203.0.113.7",
        user_agent: "opsdeck/1",
        before: { status: "active" },
        after: { status: "suspended" },
      },
    ])
  })

  test("an actor without a login, a target that is nobody, and no actor at all are null", async () => {
    await add({ action: "a.null", actor_user_id: randomUUID(), target_type: "user", target_id: "no id" })
    const carol = await addPerson(database.postgres)
    await add({ action: "a.null", target_type: "platform_setting", target_id: carol.id })
    const { data } = await browse({ action: "a.null" })
    expect(data.map(row => [row.actor_login, row.actor_username, row.target_username])).toEqual([
      [null, null, null],
      [null, null, null],
    ])
  })

  test("what is nested too deep to be read stays text, and the rest of the page is there", async () => {
    const text = "[".repeat(3000) + "]".repeat(3000)
    await add({ action: "a.deep", metadata_json: text })
    const { data } = await browse({ action: "a.deep" })
    expect(data).toMatchObject([{ metadata: text }])
  })

  test("numbers that no double holds keep their digits, however deep they are", async () => {
    const text = '{"count":7,"big":12345678901234567890,"cost":[{"usd":0.10000000000000000001}]}'
    await add({ action: "a.digits", metadata_json: text, after_state_json: text })
    const { data } = await browse({ action: "a.digits" })
    const [row] = data
    expect(row?.metadata).toMatchObject({ count: 7 })
    for (const state of [row?.metadata, row?.after]) expect(JSON.stringify(state)).toBe(await stored(text))
  })

  /** As PostgreSQL gives it back, without its blanks. */
  const stored = async (text: string) => {
    const [row] = await asSuperuser(`select replace('${text}'::jsonb::text, ' ', '') as text`, database.url)
    return row?.text
  }

  describe("narrowing", () => {
    const ids = async (rows: Promise<{ data: { id: string }[] }>) => (await rows).data.map(row => row.id)

    test("by action, actor and target takes every character for itself", async () => {
      expect(await ids(list({ actor_user_id: alice.id.toUpperCase() }))).toEqual([suspension])
      expect(await ids(list({ target_id: bob.id.toUpperCase() }))).toEqual([suspension])
      expect(await ids(list({ target_id: "spring %_'\"" }))).toEqual([batch])
      for (const target_id of ["%", "spring", "x".repeat(10_000)]) expect(await ids(list({ target_id }))).toEqual([])
      expect(await ids(list({ action: "users.%" }))).toEqual([])
    })

    test("the search finds by login, user name, id and trace, on either side", async () => {
      expect(await ids(browse({ q: alice.login }))).toEqual([suspension])
      expect(await ids(browse({ q: "ALICE" }))).toEqual([suspension])
      expect(await ids(browse({ q: TRACE.toUpperCase() }))).toEqual([suspension])
      expect(new Set(await ids(browse({ q: bob.id })))).toEqual(new Set([suspension, batch]))
      expect(await ids(browse({ q: "spring %_'\"" }))).toEqual([batch])
      for (const q of ["%", "_", "'", "x".repeat(10_000)]) expect(await ids(browse({ q }))).toEqual([])
    })

    test("the search finds a part of a name, and a part of a reason", async () => {
      expect(await ids(browse({ q: alice.login.slice(3, -3) }))).toEqual([suspension])
      expect(await ids(browse({ q: "LIC" }))).toEqual([suspension])
      expect(await ids(browse({ q: "PAM" }))).toEqual([suspension])
    })

    test("the search refuses what is in the names of very many", async () => {
      const many = Array.from({ length: 1000 }, (_, i) => ({ username: `swarm ${i}` }))
      await database.postgres.transaction(tx => tx.insertInto("users").values(many).execute())
      await expect(browse({ q: "swarm" })).rejects.toMatchObject({ code: "invalid", message: /type more of it/ })
      expect(await ids(browse({ q: "swarm 999" }))).toEqual([])
    })

    test("refuses an actor that is no id, NUL, and a cursor cut short", async () => {
      await expect(list({ actor_user_id: "alice" })).rejects.toMatchObject({ code: "invalid", field: "actor_user_id" })
      await expect(list({ target_id: "\0" })).rejects.toMatchObject({ code: "invalid", field: "target_id" })
      await expect(browse({ q: "\0" })).rejects.toMatchObject({ code: "invalid", field: "q" })
      const { next_cursor } = await list({ limit: 1 })
      await expect(list({ cursor: next_cursor?.slice(1) as string })).rejects.toMatchObject({
        code: "invalid",
        field: "cursor",
      })
    })
  })

  test("the pages hold every row once, also of the same microsecond", async () => {
    const added = await Promise.all(
      Array.from({ length: 7 }, () => add({ action: "a.page", ts: "2026-01-01T00:00:00.000001Z" })),
    )
    const first = await list({ action: "a.page", limit: 4 })
    const second = await list({ action: "a.page", limit: 4, cursor: first.next_cursor as string })
    expect([...first.data, ...second.data].map(row => row.id)).toEqual(added.toSorted().toReversed())
    expect(second.next_cursor).toBeNull()
  })
})
