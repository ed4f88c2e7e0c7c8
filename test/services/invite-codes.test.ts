import { randomUUID } from "node:crypto"
import type { Insertable } from "kysely"
import { describe, expect, test } from "vitest"
import type { z } from "zod"
import type { Tables } from "../../src/adapters/postgres/tables.ts"
import { inviteCode, type inviteCodeFilter, inviteCodeRow } from "../../src/domain/invite-code.ts"
import { listInviteCodes, showInviteCode } from "../../src/services/invite-codes/invite-codes.ts"
import { listJoiners } from "../../src/services/invite-codes/joiners.ts"
import { commandOf, type OperationContext } from "../../src/services/operation.ts"
import { listReferrals } from "../../src/services/referrals/referrals.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const listCommand = commandOf(listInviteCodes)
const showCommand = commandOf(showInviteCode)

eachGeneration(database => {
  const context = () => ({ postgres: database.postgres }) as OperationContext
  const list = (input: z.input<typeof inviteCodeFilter>) => listCommand.run(context(), listCommand.input.parse(input))
  const codesFor = async (input: z.input<typeof inviteCodeFilter>) => (await list(input)).data.map(({ code }) => code)

  const addCode = async (columns: Partial<Insertable<Tables["invite_codes"]>> = {}) => {
    const row = { user_id: randomUUID(), code: `code-${randomUUID()}`, max_uses: 10, ...columns }
    return database.postgres.transaction(tx =>
      tx.insertInto("invite_codes").values(row).returning(["id", "code"]).executeTakeFirstOrThrow(),
    )
  }

  describe("one code", () => {
    test("is answered with every field of the contract, times with their microseconds", async () => {
      const owner = await addPerson(database.postgres, { username: "Owner", status: "suspended" })
      const created_at = "2026-03-01T12:00:00.12045Z"
      const { id, code } = await addCode({ user_id: owner.id, max_uses: 0, use_count: 3, is_active: false, created_at })
      const expected = {
        ...{ id, user_id: owner.id, code, max_uses: 0, use_count: 3, is_active: false, created_at },
        ...{ user_login: owner.login, user_email: `${owner.login}@example.com` },
      }
      const shown = await showCommand.run(context(), { id })
      expect(shown).toEqual(expected)
      expect(inviteCode.strict().parse(shown)).toEqual(shown)
      expect((await list({ q: code })).data).toEqual([expected])
      const inspected = await showInviteCode.run(context(), { id })
      expect(inspected).toEqual({ ...expected, user_name: "Owner", user_status: "suspended" })
      const browsed = await listInviteCodes.run(context(), { q: code, limit: 50 })
      expect(inviteCodeRow.strict().array().parse(browsed.data)).toEqual([inspected])
    })

    test("of somebody deleted, or not there at all, is listed all the same", async () => {
      const gone = await addPerson(database.postgres, { deleted_at: "2026-01-01T00:00:00Z" })
      const [ofGone, ofNobody] = [await addCode({ user_id: gone.id }), await addCode()]
      expect(await showInviteCode.run(context(), { id: ofGone.id })).toMatchObject({ user_status: "deleted" })
      const nobody = { user_login: null, user_email: null, user_name: null, user_status: null }
      expect(await showInviteCode.run(context(), { id: ofNobody.id })).toMatchObject(nobody)
      expect(await codesFor({ q: ofNobody.code })).toEqual([ofNobody.code])
    })

    test("that does not exist is told by its id", async () => {
      const id = randomUUID()
      const asked = showCommand.run(context(), { id })
      await expect(asked).rejects.toMatchObject({ code: "not_found", message: expect.stringContaining(id) })
    })
  })

  describe("the search", () => {
    test("finds by code, by login and by e-mail, in any case, every character for itself", async () => {
      const owner = await addPerson(database.postgres, { email: "100%_sure@search.example" })
      const { code } = await addCode({ user_id: owner.id, code: "Spring_50%" })
      await addCode({ code: "Springx50y" })
      for (const q of ["G_50%", owner.login.toUpperCase(), "0%_S", "@SEARCH.example"]) {
        expect({ q, codes: await codesFor({ q }) }).toEqual({ q, codes: [code] })
      }
      expect(await codesFor({ q: "\\" })).toEqual([])
      expect(await codesFor({ q: "spring" })).toEqual(["Springx50y", code])
    })

    test("refuses a NUL character", () => {
      const { error } = listCommand.input.safeParse({ q: "a\0b" })
      expect(error?.issues).toMatchObject([{ path: ["q"], message: "must not contain a NUL character" }])
    })
  })

  test("the pages hold every code that was there at the start once, found by whichever name, while others come", async () => {
    const owner = await addPerson(database.postgres, { email: "paged@example.com" })
    const times = ["12:00:00.000001", "12:00:00.000002", "12:00:00.0000", "12:00:00.001"]
    const ids: string[] = []
    for (let n = 0; n < 60; n++) {
      const named = n % 2 === 0 ? { code: `paged-${n}` } : { user_id: owner.id }
      const { id } = await addCode({ ...named, created_at: `2026-01-01T${times[n % times.length]}Z` })
      ids.push(id)
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await list({ q: "paged", limit: 7, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.data.map(({ id }) => id))
      await addCode({ code: `paged-newer-${seen.length}` })
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen.toSorted()).toEqual(ids.toSorted())
  })

  describe("who came in through a code", () => {
    const refer = (columns: Insertable<Tables["referrals"]>) =>
      database.postgres.transaction(tx => tx.insertInto("referrals").values(columns).execute())

    test("are those of this very code, newest first, the deleted and the unknown among them", async () => {
      const inviter = await addPerson(database.postgres)
      const [code, other] = [await addCode({ user_id: inviter.id }), await addCode({ user_id: inviter.id })]
      const live = await addPerson(database.postgres, { username: "Live", status: "suspended" })
      const gone = await addPerson(database.postgres, { username: "Gone", deleted_at: "2026-02-01T00:00:00Z" })
      const [unknown, elsewhere] = [randomUUID(), randomUUID()]
      const join = (invitee_user_id: string, minute: number, credited = false, invite_code_id = code.id) =>
        refer({
          ...{ inviter_user_id: inviter.id, invitee_user_id, invite_code_id, credited },
          created_at: `2026-01-01T12:0${minute}:00.000001Z`,
        })
      await join(live.id, 1, true)
      await join(gone.id, 2)
      await join(unknown, 3)
      await join(elsewhere, 4, false, other.id)
      const { data, next_cursor } = await listJoiners.run(context(), { id: code.id, limit: 50 })
      expect(next_cursor).toBeNull()
      expect(listJoiners.answer.parse({ data, next_cursor }).data).toEqual(data)
      expect(data).toMatchObject([
        { user_id: unknown, login: null, username: null, status: null },
        { user_id: gone.id, username: "Gone", status: "deleted", credited: false },
        {
          user_id: live.id,
          login: live.login,
          status: "suspended",
          credited: true,
          created_at: expect.stringMatching(/000001Z$/),
        },
      ])
      const listed = await listReferrals.run(context(), { invite_code_id: code.id, limit: 50 })
      expect(listed.data.map(({ id }) => id)).toEqual(data.map(({ id }) => id))
      const first = await listJoiners.run(context(), { id: code.id, limit: 2 })
      const rest = await listJoiners.run(context(), { id: code.id, limit: 2, cursor: first.next_cursor as string })
      expect([...first.data, ...rest.data]).toEqual(data)
    })
  })
})
