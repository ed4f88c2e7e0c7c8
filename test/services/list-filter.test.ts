import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { listAudit } from "../../src/services/audit-log.ts"
import { Deck } from "../../src/services/deck.ts"
import { listInviteCodes } from "../../src/services/invite-codes/invite-codes.ts"
import { listRedemptionCodes } from "../../src/services/redemption/redemption-codes.ts"
import { listReferrals } from "../../src/services/referrals/referrals.ts"
import { listRuns } from "../../src/services/runs/runs.ts"
import { totalOf } from "../../src/services/total.ts"
import { listUsers } from "../../src/services/users/users.ts"
import { addRedemptionCode } from "../support/codes.ts"
import { addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { addRun } from "../support/runs.ts"

const HOUR = 3_600_000
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString()

eachGeneration(database => {
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)
  const sql = (text: string) => asSuperuser(text, database.url)
  let alice: Person
  let bob: Person
  beforeAll(async () => {
    alice = await addPerson(database.postgres, { username: "Alice in filters" })
    bob = await addPerson(database.postgres)
  })

  describe("runs", () => {
    /** Names of the runs by their ids. */
    const names = new Map<string, string>()
    beforeAll(async () => {
      const add = async (name: string, columns: Parameters<typeof addRun>[1]) =>
        names.set(
          await addRun(database.postgres, { org_id: alice.orgId, created_by_user_id: alice.id, ...columns }),
          name,
        )
      await add("new claude", { status: "failed", model: "claude-sonnet-4", created_at: ago(2) })
      await add("old claude", { status: "failed", model: "claude-opus-4", created_at: ago(24 * 40) })
      await add("mini", { status: "completed", model: "gpt-4o-mini", created_at: ago(3) })
      await add("gpt", { status: "completed", model: "gpt-4o", created_at: ago(30) })
      await add("bob's", { status: "running", model: null, created_at: ago(1), created_by_user_id: bob.id })
    })
    const list = async (input: object) =>
      (await deck().run(listRuns, input)).data.map(({ run_id }) => names.get(run_id)).sort()

    test.each([
      ["status:failed", ["new claude", "old claude"]],
      ["status:failed,running", ["bob's", "new claude", "old claude"]],
      ["-status:failed", ["bob's", "gpt", "mini"]],
      ["since:1d", ["bob's", "mini", "new claude"]],
      ["since<1d", ["bob's", "mini", "new claude"]],
      ["since>1d", ["gpt", "old claude"]],
      ["since:60d since>30d", ["old claude"]],
      ["status:failed model:claude since:1d", ["new claude"]],
      ["model:claude", ["new claude", "old claude"]],
      ["model:gpt-4o", ["gpt"]],
      ["model:gpt", ["gpt", "mini"]],
      ["-model:gpt", ["bob's", "new claude", "old claude"]],
      ["model:llama", []],
      ['user:"alice in FILTERS" status:completed', ["gpt", "mini"]],
    ])("%s", async (filter, expected) => {
      expect(await list({ filter })).toEqual(expected)
      expect(await deck().run(totalOf(listRuns), { filter })).toMatchObject({ rows: expected.length, isExact: true })
    })

    test("by options that mean the same, and by both together", async () => {
      expect(await list({ status: "failed", model: "claude", since: "1d" })).toEqual(["new claude"])
      expect(await list({ user_id: bob.id })).toEqual(["bob's"])
      expect(await list({ status: "failed", filter: "since:1d" })).toEqual(["new claude"])
      await expect(list({ status: "failed", filter: "status:running" })).rejects.toMatchObject({
        code: "invalid",
        field: "filter",
      })
    })

    test("a user that nobody is, is not found", async () => {
      await expect(list({ filter: "user:nobody" })).rejects.toMatchObject({ code: "not_found", field: "filter" })
    })

    test("page after page, what the filter asks for and no other", async () => {
      const first = await deck().run(listRuns, { filter: "status:failed", limit: 1 })
      const second = await deck().run(listRuns, {
        filter: "status:failed",
        limit: 1,
        cursor: first.next_cursor as string,
      })
      expect([...first.data, ...second.data].map(({ run_id }) => names.get(run_id))).toEqual([
        "new claude",
        "old claude",
      ])
      expect(second.next_cursor).toBeNull()
    })

    describe("in a large table without indexes", () => {
      beforeAll(async () => {
        // The server believes what its catalogue says of a table that was not looked at since.
        await sql(`drop index runs_model_newest; drop index runs_status_newest;
          update pg_class set relpages = 1, reltuples = 5000000 where oid = 'runs'::regclass`)
      })
      const refused = { code: "invalid", field: "filter" }

      test("a term is refused with the index that would serve it", async () => {
        const message = expect.stringMatching(
          /^no index serves model:claude, and runs has [\d.]+ M rows: add a period, as in since:7d, or create the index: CREATE INDEX CONCURRENTLY runs_model_newest ON runs \(model, created_at desc, id desc\) WHERE deleted_at is null;$/,
        )
        await expect(list({ filter: "model:claude" })).rejects.toMatchObject({ ...refused, message })
        await expect(list({ model: "claude" })).rejects.toMatchObject({ message })
        await expect(list({ filter: "status:failed since>30d" })).rejects.toMatchObject(refused)
      })

      test("but not where a period, or a user of whom there are few, bounds what is read", async () => {
        expect(await list({ filter: "model:claude since:1d" })).toEqual(["new claude"])
        expect(await list({ filter: `-status:failed user:${bob.id}` })).toEqual(["bob's"])
        expect(await list({})).toHaveLength(5)
      })

      test("and an id that has a field of its own is read in any case: a screen about one user needs it", async () => {
        await sql("drop index runs_user")
        await expect(list({ filter: `user:${bob.id}` })).rejects.toMatchObject(refused)
        expect(await list({ user_id: bob.id })).toEqual(["bob's"])
      })

      test("what is left out is served by no index, and none is named", async () => {
        await expect(list({ filter: "-status:failed" })).rejects.toMatchObject({
          ...refused,
          message: expect.stringMatching(/^no index serves -status:failed, .* as in since:7d$/),
        })
      })
    })
  })

  test("users: by status, by age, and by words", async () => {
    const tag = `fu${randomUUID().slice(0, 8)}`
    const add = (name: string, columns: object) =>
      addPerson(database.postgres, { username: `${tag} ${name}`, ...columns })
    await add("new", { created_at: ago(1) })
    await add("old", { created_at: ago(24 * 60), status: "suspended" })
    await add("gone", { created_at: ago(1), deleted_at: ago(0) })
    const list = async (filter: string) =>
      (await deck().run(listUsers, { filter: `${tag} ${filter}` })).data.map(({ username }) => username.slice(11))
    expect(await list("")).toEqual(["new", "old"])
    expect(await list("status:suspended since>30d")).toEqual(["old"])
    expect(await list("status:suspended since:30d")).toEqual([])
    expect(await list("status:deleted,suspended")).toEqual(["gone", "old"])
    expect(await list("-status:suspended")).toEqual(["new"])
    expect(await deck().run(totalOf(listUsers), { filter: `${tag} since:1d` })).toEqual({ rows: 1, isExact: true })
  })

  test("invite codes and referrals: by age, by words, by inviter", async () => {
    const code = `FI${randomUUID().slice(0, 6).toUpperCase()}`
    const [row] = await sql(`insert into invite_codes (user_id, code, max_uses, created_at)
      values ('${alice.id}', '${code}', 1, now() - interval '3 days') returning id`)
    await sql(`insert into referrals (inviter_user_id, invitee_user_id, invite_code_id, created_at)
      values ('${alice.id}', '${bob.id}', '${row?.id}', now() - interval '3 days')`)
    const invites = async (filter: string) =>
      (await deck().run(listInviteCodes, { filter })).data.map(invite => invite.code)
    expect(await invites(`${code} since:1w`)).toEqual([code])
    expect(await invites(`${code} since:1d`)).toEqual([])
    const referrals = async (filter: string) => (await deck().run(listReferrals, { filter })).data.length
    expect(await referrals(`inviter:"alice in filters" since:1w`)).toBe(1)
    expect(await referrals(`inviter:${alice.id} since:1d`)).toBe(0)
    expect(await referrals(`code:${row?.id} -inviter:${bob.id}`)).toBe(1)
  })

  test("redemption codes: by type, state, batch and age", async () => {
    const batch = `summer ${randomUUID()}`
    await addRedemptionCode(database.postgres, { batch_id: batch, type: "credit" })
    await addRedemptionCode(database.postgres, {
      batch_id: batch,
      type: "feature",
      is_active: false,
      created_at: ago(48),
    })
    const list = async (filter: string) =>
      (await deck().run(listRedemptionCodes, { filter: `batch:"${batch}" ${filter}` })).data.map(({ type }) => type)
    expect(await list("")).toEqual(["credit", "feature"])
    expect(await list("state:off")).toEqual(["feature"])
    expect(await list('-state:"used up",off')).toEqual(["credit"])
    expect(await list("type:feature since:1d")).toEqual([])
    expect(await list("summer since>1d")).toEqual(["feature"])
  })

  test("the audit trail: by action, actor, target, age and words", async () => {
    const target = randomUUID()
    await sql(`insert into audit_logs (action, actor_user_id, target_type, target_id, trace_id, ts) values
      ('filters.new', '${alice.id}', 'user', '${target}', 'x', now()),
      ('filters.old', '${bob.id}', 'user', '${target}', 'x', now() - interval '9 days')`)
    const list = async (filter: string) =>
      (await deck().run(listAudit, { filter: `target:${target.toUpperCase()} ${filter}` })).data.map(
        ({ action }) => action,
      )
    expect(await list("")).toEqual(["filters.new", "filters.old"])
    expect(await list("since:7d")).toEqual(["filters.new"])
    expect(await list('actor:"alice in filters"')).toEqual(["filters.new"])
    expect(await list("action:filters.old,filters.other")).toEqual(["filters.old"])
    expect(await list(target)).toEqual(["filters.new", "filters.old"])
  })
})
