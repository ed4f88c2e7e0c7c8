import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import type { BranchNode } from "../../src/domain/referral.ts"
import { openReferralTree, readBranch } from "../../src/services/referrals/branch.ts"
import { ACCOUNTS_COUNTED } from "../../src/services/referrals/branch-counts.ts"
import { showReferralTree } from "../../src/services/referrals/tree.ts"
import { eachGeneration } from "../support/postgres.ts"
import { referralsIn } from "../support/referrals.ts"

eachGeneration(database => {
  const { accounts, invite, ring, chain, crowd, change, ask } = referralsIn(database)
  const tree = async (user_id: string, depth = 3) => (await ask(showReferralTree, { user_id, depth })).data
  const open = (user_id: string) => ask(openReferralTree, { user_id, limit: 100 })
  const sizes = (nodes: readonly BranchNode[]) => nodes.map(({ username, branch }) => [username, branch.size])

  describe("the tree", () => {
    test("is breadth first, each step in the order of inviting, and the root without an inviter", async () => {
      const { top, a, b, c, d, e } = await accounts("top", "a", "b", "c", "d", "e")
      await invite(top, [a])
      await invite(a, [b, c], 1)
      await invite(c, [d], 2)
      await invite(b, [e], 3)
      const nodes = await tree(a)
      expect(showReferralTree.answer.parse({ data: nodes }).data).toEqual(nodes)
      expect(nodes.map(({ user_id, inviter_id, depth }) => [user_id, inviter_id, depth])).toEqual([
        [a, null, 0],
        [b, a, 1],
        [c, a, 1],
        [d, c, 2],
        [e, b, 2],
      ])
      expect(nodes[1]).toMatchObject({ login: `b-${b}`, created_at: "2026-03-01T12:01:00Z" })
      expect(await tree(a, 1)).toHaveLength(3)
      expect(Object.keys(nodes[0] ?? {})).toEqual(["user_id", "login", "inviter_id", "depth", "created_at"])
    })

    test("keeps a deleted user, with a null login, and whom they invited", async () => {
      const { a, b, c } = await accounts("a", "b", "c")
      await invite(a, [b])
      await invite(b, [c])
      await change(b, { deleted_at: "2026-03-02T00:00:00Z" })
      expect(await tree(a)).toMatchObject([
        { user_id: a },
        { user_id: b, login: null },
        { user_id: c, login: `c-${c}` },
      ])
    })

    test.each([1, 2, 4])("ends where a ring of %i closes", async size => {
      const names = ["a", "b", "c", "d"].slice(0, size)
      const ids = Object.values(await accounts(...names))
      await ring(...ids)
      expect((await tree(ids[0] as string, 10)).map(node => node.user_id)).toEqual(ids)
    })

    test("is at most ten steps deep, three unless said otherwise", async () => {
      const { a } = await accounts("a")
      await chain(a, 5_000)
      expect(await tree(a)).toHaveLength(4)
      expect(await tree(a, 10)).toHaveLength(11)
      for (const depth of [0, 11, -1, 2.5, "", "x"]) {
        expect(showReferralTree.input.safeParse({ user_id: a, depth }).error?.issues, `${depth}`).toMatchObject([
          { path: ["depth"] },
        ])
      }
    })

    test("of nobody is not found", async () => {
      await expect(tree(randomUUID())).rejects.toMatchObject({ code: "not_found" })
      await expect(open(randomUUID())).rejects.toMatchObject({ code: "not_found" })
    })
  })

  describe("a branch", () => {
    test("tells how many came through each account, how many of them are suspended, deleted and credited", async () => {
      const { root, a, b, c, d, e } = await accounts("root", "a", "b", "c", "d", "e")
      await invite(root, [a, b])
      await invite(a, [c, d], 2, false)
      await invite(d, [e], 4)
      await change(c, { status: "suspended" })
      await change(d, { status: "suspended", deleted_at: "2026-03-02T00:00:00Z" })
      const opened = await open(root)
      expect(openReferralTree.answer.parse(opened)).toEqual(opened)
      expect(opened).toMatchObject({
        root: { username: "root", credited: null, invited_at: null },
        above: [],
        ring_size: 0,
        inviter_user_id: null,
      })
      expect(opened.root.branch).toEqual({ size: 6, suspended: 1, deleted: 1, credited: 3, cut: false })
      expect(opened.children.data).toMatchObject([
        { username: "b", branch: { size: 1, suspended: 0, deleted: 0, credited: 1 } },
        { username: "a", branch: { size: 4, suspended: 1, deleted: 1, credited: 2, cut: false } },
      ])
      const below = await ask(readBranch, { user_id: a, root_user_id: root, limit: 100 })
      expect(readBranch.answer.parse(below)).toEqual(below)
      expect(below.data).toMatchObject([
        { user_id: d, status: "deleted", login: null, credited: false, invited_at: "2026-03-01T12:03:00Z" },
        { user_id: c, status: "suspended", branch: { size: 1, suspended: 1 } },
      ])
    })

    test("of a wide account comes in pages, each account once, and its own numbers are those of all of them", async () => {
      const { root } = await accounts("root")
      await chain(await crowd(root, 2_500), 7)
      const opened = await open(root)
      expect(opened.root.branch).toMatchObject({ size: 2_508, cut: false })
      expect(opened.children.data[0]?.branch.size).toBe(8)
      const seen = opened.children.data.map(node => node.user_id)
      let cursor = opened.children.next_cursor
      while (cursor !== null) {
        const page = await ask(readBranch, { user_id: root, limit: 200, cursor })
        seen.push(...page.data.map(node => node.user_id))
        cursor = page.next_cursor
      }
      expect(new Set(seen).size).toBe(2_500)
      expect(seen).toHaveLength(2_500)
    })

    test("too large to be counted says so, and a small one beside it does not", async () => {
      const { root, large, small, leaf } = await accounts("root", "large", "small", "leaf")
      await invite(root, [large, small])
      await invite(small, [leaf])
      await crowd(await chain(large, 3), ACCOUNTS_COUNTED)
      const { root: top, children } = await open(root)
      expect(top.branch.cut).toBe(true)
      expect(children.data).toMatchObject([
        { username: "small", branch: { size: 2, cut: false } },
        { username: "large", branch: { cut: true } },
      ])
      expect(children.data[1]?.branch.size).toBeGreaterThan(ACCOUNTS_COUNTED / 2)
    })

    test("5 000 steps deep is counted whole, and the way up from its end is told", async () => {
      const { root } = await accounts("root")
      const last = await chain(root, 5_000)
      expect(sizes((await open(root)).children.data)).toEqual([["account 1", 5_000]])
      const end = await open(last)
      expect(end).toMatchObject({ above_count: 5_000, above_cut: false, ring_size: 0, root: { branch: { size: 1 } } })
      expect(end.above[0]?.username).toBe("account 4999")
    })

    test.each([1, 2, 4])(
      "of a member of a ring of %i ends where it closes, and names its members in order",
      async size => {
        const names = ["a", "b", "c", "d"].slice(0, size)
        const ids = Object.values(await accounts(...names))
        const { hanging, below } = await accounts("hanging", "below")
        await ring(...ids)
        await invite(ids[0] as string, [hanging], 9)
        await invite(hanging, [below], 10)
        const opened = await open(ids[0] as string)
        expect(opened.ring.map(({ username }) => username)).toEqual(names)
        expect(opened).toMatchObject({ ring_size: size, above: [], inviter_user_id: ids.at(-1) })
        expect(opened.root.branch).toMatchObject({ size: size + 2, credited: size + 2 })
        expect(sizes(opened.children.data)).toEqual([["hanging", 2], ...(size > 1 ? [["b", size - 1]] : [])])
        const under = await open(below)
        expect(under.above.map(({ username }) => username)).toEqual(["hanging", "a"])
        expect(under.ring.map(({ username }) => username)).toEqual(names)
      },
    )
  })
})
