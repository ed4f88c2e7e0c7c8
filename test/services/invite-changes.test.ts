import { randomUUID } from "node:crypto"
import type { Insertable } from "kysely"
import pg from "pg"
import { describe, expect, onTestFinished, test } from "vitest"
import type { Tables } from "../../src/adapters/postgres/tables.ts"
import { updateInviteCode } from "../../src/services/invite-codes/invite-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { until } from "../support/waiting.ts"

const WAITING = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"

eachGeneration(database => {
  const operations = operationsOn(database)

  /** A code that was used three times out of ten. */
  const addCode = async (columns: Partial<Insertable<Tables["invite_codes"]>> = {}, owner?: Person) => {
    const user_id = (owner ?? (await addPerson(database.postgres))).id
    const row = { user_id, code: `code-${randomUUID()}`, max_uses: 10, use_count: 3, ...columns }
    return database.postgres.transaction(tx =>
      tx.insertInto("invite_codes").values(row).returningAll().executeTakeFirstOrThrow(),
    )
  }
  const row = (id: string) =>
    database.postgres.run(db =>
      db.selectFrom("invite_codes").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
    )
  const audit = (id: string) =>
    database.postgres.run(db =>
      db.selectFrom("audit_logs").selectAll().where("target_id", "=", id).orderBy("ts").execute(),
    )

  test("a change is in the row and in the audit row, the changed fields alone", async () => {
    const admin = await addAdministrator(database.postgres)
    const deck = await operations.deck(admin)
    const owner = await addPerson(database.postgres)
    const { id, code } = await addCode({}, owner)
    const input = { id, max_uses: "0", is_active: true, reason: "a campaign" }
    const { answer, steps, traceId } = await deck.change(updateInviteCode, input)
    expect(answer).toMatchObject({ id, code, max_uses: 0, use_count: 3, is_active: true, user_login: owner.login })
    expect(updateInviteCode.answer.parse(answer)).toEqual(answer)
    expect(steps).toEqual([{ what: "limit of uses" }, { what: expect.stringMatching(/^audit/) }])
    expect(await row(id)).toMatchObject({ max_uses: 0, use_count: 3, is_active: true })
    expect(await audit(id)).toMatchObject([
      {
        action: "invite_codes.update",
        actor_user_id: admin.id,
        target_type: "invite_code",
        org_id: null,
        metadata_json: { reason: "a campaign" },
        before_state_json: { max_uses: 10 },
        after_state_json: { max_uses: 0 },
        trace_id: traceId,
      },
    ])
  })

  test("a change that changes nothing writes nothing, and says so beforehand", async () => {
    const deck = await operations.deck()
    const { id } = await addCode()
    const input = { id, max_uses: 10, is_active: true }
    expect(await deck.preview(updateInviteCode, input)).toMatchObject({ unchanged: true, needsConfirmation: false })
    expect(await deck.change(updateInviteCode, input)).toMatchObject({ answer: { id, max_uses: 10 }, steps: [] })
    expect(await audit(id)).toEqual([])
  })

  test.each([
    ["nothing named", {}, undefined, /nothing to change: specify at least one of max_uses, is_active/],
    ["less than none", { max_uses: -1 }, "max_uses", /must be a whole number, 0 to 2147483647/],
    ["a part", { max_uses: 2.5 }, "max_uses", /whole number/],
    ["empty text", { max_uses: "" }, "max_uses", /whole number/],
    ["more than the column holds", { max_uses: 2_147_483_648 }, "max_uses", /whole number/],
  ])("%s is a mistake", async (_, patch, field, message) => {
    const deck = await operations.deck()
    const asked = deck.change(updateInviteCode, { id: randomUUID(), ...patch })
    await expect(asked).rejects.toMatchObject({ code: "invalid", field, message: expect.stringMatching(message) })
  })

  test("a code that does not exist is told", async () => {
    const deck = await operations.deck()
    const input = { id: randomUUID(), is_active: false }
    await expect(deck.preview(updateInviteCode, input)).rejects.toMatchObject({ code: "not_found" })
    await expect(deck.change(updateInviteCode, input)).rejects.toMatchObject({ code: "not_found" })
  })

  test("what somebody else saved meanwhile is not overwritten unseen", async () => {
    const deck = await operations.deck()
    const { id } = await addCode()
    const seen = { max_uses: 10, is_active: true }
    await deck.change(updateInviteCode, { id, max_uses: 20 }, { seen })
    const second = deck.change(updateInviteCode, { id, max_uses: 5 }, { seen })
    const conflicts = [{ field: "max_uses", was: 10, theirs: 20, yours: 5 }]
    await expect(second).rejects.toMatchObject({ code: "conflict", conflicts })
    expect(await row(id)).toMatchObject({ max_uses: 20 })
    await deck.change(updateInviteCode, { id, is_active: false }, { seen })
    expect(await row(id)).toMatchObject({ max_uses: 20, is_active: false })
  })

  test("whoever is stopped while they wait for a code changes it no more", async () => {
    const admin = await addAdministrator(database.postgres)
    const deck = await operations.deck(admin)
    const { id } = await addCode()
    const holder = new pg.Client(database.url)
    await holder.connect()
    onTestFinished(() => holder.end())
    await holder.query(`begin; update invite_codes set use_count = 4 where id = '${id}'`)
    const change = deck.change(updateInviteCode, { id, is_active: false })
    await Promise.all([
      expect(change).rejects.toMatchObject({ code: "forbidden" }),
      (async () => {
        await until(async () => (await asSuperuser(WAITING, database.url)).length > 0)
        await asSuperuser(`update users set status = 'suspended' where id = '${admin.id}'`, database.url)
        await holder.query("commit")
      })(),
    ])
    expect(await row(id)).toMatchObject({ is_active: true, use_count: 4 })
  })

  describe("the preview says", () => {
    const effectsOf = async (id: string, patch: object) =>
      (await (await operations.deck()).preview(updateInviteCode, { id, ...patch })).effects

    test("what is done to which code of whom", async () => {
      const deck = await operations.deck()
      const owner = await addPerson(database.postgres, { email: "owner@preview.example" })
      const { id, code } = await addCode({}, owner)
      const preview = await deck.preview(updateInviteCode, { id, is_active: false })
      expect(preview).toMatchObject({
        title: `Deactivate invite code ${code}`,
        subject: [`of ${owner.login} · owner@preview.example · used 3 times, limit 10`],
        effects: [
          "it can no longer be used; accounts that joined with it stay",
          "an owner without an active invite code gets a new, active one when they next open their page",
        ],
        needsConfirmation: false,
      })
      expect(await deck.preview(updateInviteCode, { id, max_uses: 0 })).toMatchObject({
        title: `Edit invite code ${code}`,
      })
    })

    test("the limit as it was and as it becomes, and when that is used up at once", async () => {
      const { id } = await addCode()
      expect(await effectsOf(id, { max_uses: 0 })).toEqual(["limit 10 → no limit"])
      expect(await effectsOf(id, { max_uses: 4 })).toEqual(["limit 10 → limit 4"])
      expect(await effectsOf(id, { max_uses: 2 })).toEqual([
        "limit 10 → limit 2",
        "it is used up immediately: used 3 times already",
      ])
    })

    test("that a code is used up when it is switched on", async () => {
      const { id } = await addCode({ max_uses: 3, is_active: false })
      expect(await effectsOf(id, { is_active: true })).toEqual([
        "it is on, but used up: it cannot be used until its limit is raised",
      ])
      expect(await effectsOf(id, { is_active: true, max_uses: 4 })).toEqual(["limit 3 → limit 4", "it can be used"])
    })

    test.each([
      ["suspended", { status: "suspended" }],
      ["deleted", { deleted_at: "2026-01-01T00:00:00Z" }],
    ] as const)("that the owner of a code is %s, and does not stop who switches it on", async (word, columns) => {
      const owner = await addPerson(database.postgres, columns)
      const { id } = await addCode({ is_active: false }, owner)
      const deck = await operations.deck()
      expect(await deck.preview(updateInviteCode, { id, is_active: true })).toMatchObject({
        subject: [expect.stringContaining(`of ${owner.login} (${word})`)],
        effects: ["it can be used", `its owner is ${word}: the code is switched on nevertheless`],
      })
      await deck.change(updateInviteCode, { id, is_active: true })
      expect(await row(id)).toMatchObject({ is_active: true })
    })
  })
})
