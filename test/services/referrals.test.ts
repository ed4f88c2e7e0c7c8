import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { referralFilter } from "../../src/domain/referral.ts"
import { commandOf } from "../../src/services/operation.ts"
import { listReferrals } from "../../src/services/referrals/referrals.ts"
import { eachGeneration } from "../support/postgres.ts"
import { referralsIn } from "../support/referrals.ts"

const listCommand = commandOf(listReferrals)

eachGeneration(database => {
  const { accounts, invite, ring, crowd, change, ask } = referralsIn(database)

  describe("the list", () => {
    test("answers every field of the contract, newest first, and pages through what was invited in one moment", async () => {
      const { alice, bob } = await accounts("alice", "bob")
      await invite(alice, [bob], 3, false)
      await crowd(alice, 5)
      const { data } = await ask(listCommand, { inviter_user_id: alice.toUpperCase() })
      expect(listCommand.answer.parse({ data, next_cursor: null }).data).toEqual(data)
      expect(data).toHaveLength(6)
      expect(data[0]).toEqual({
        id: expect.any(String),
        inviter_user_id: alice,
        invitee_user_id: bob,
        invite_code_id: expect.any(String),
        credited: false,
        created_at: "2026-03-01T12:03:00Z",
        inviter_login: `alice-${alice}`,
        invitee_login: `bob-${bob}`,
      })
      const ids: string[] = []
      let cursor: string | null = null as string | null
      do {
        const page = await ask(listCommand, { inviter_user_id: alice, limit: 4, ...(cursor !== null && { cursor }) })
        ids.push(...page.data.map(row => row.id))
        cursor = page.next_cursor
      } while (cursor !== null)
      expect(ids).toEqual(data.map(row => row.id))
    })

    test("keeps deleted users, and those whose rows are gone", async () => {
      const { alice, bob } = await accounts("alice", "bob")
      await change(bob, { deleted_at: "2026-03-02T00:00:00Z" })
      const gone = randomUUID()
      await invite(alice, [gone, bob])
      expect(await ask(listCommand, { inviter_user_id: alice })).toMatchObject({
        data: [
          { invitee_user_id: bob, invitee_login: null },
          { invitee_user_id: gone, invitee_login: null },
        ],
      })
      expect(await ask(listReferrals, { inviter_user_id: alice })).toMatchObject({
        data: [
          { inviter: { username: "alice", status: "active" }, invitee: { username: "bob", status: "deleted" } },
          { invitee: { username: null, status: null }, code: null, ring: null },
        ],
      })
    })

    test("for the console says which pairs belong to a ring, and how large it is", async () => {
      const { a, b, c, d, outsider } = await accounts("a", "b", "c", "d", "outsider")
      await ring(a, b, c, d)
      await invite(a, [outsider], 9)
      const rings = async (inviter_user_id: string) =>
        (await ask(listReferrals, { inviter_user_id })).data.map(row => [
          row.invitee.username,
          row.ring,
          row.inviter_ring,
        ])
      expect(await rings(a)).toEqual([
        ["outsider", null, 4],
        ["b", 4, 4],
      ])
      expect(await rings(d)).toEqual([["a", 4, 4]])
    })

    test("refuses what is no id, and a damaged cursor, naming it", async () => {
      expect(referralFilter.safeParse({ inviter_user_id: "bob" }).error?.issues).toMatchObject([
        { path: ["inviter_user_id"], message: "must be a UUID" },
      ])
      await expect(ask(listCommand, { cursor: "x" })).rejects.toMatchObject({ code: "invalid", field: "cursor" })
    })
  })
})
