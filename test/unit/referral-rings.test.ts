import fc from "fast-check"
import { expect, test } from "vitest"
import { inviterPath, ringsOf } from "../../src/domain/referral-rings.ts"
import { treeLines } from "../../src/domain/tree-lines.ts"
import { drawTree } from "../../src/services/referrals/tree-drawing.ts"

/** `a>b` where a invited b. */
const invitations = (...pairs: string[]) =>
  new Map(pairs.map(pair => pair.split(">").toReversed() as [invitee: string, inviter: string]))

test("a ring is named in the order of inviting, whoever of it one comes from", () => {
  const ring = invitations("a>b", "b>c", "c>d", "d>a", "a>x", "x>y")
  expect(inviterPath(ring, "a")).toEqual({ above: [], ring: ["a", "b", "c", "d"] })
  expect(inviterPath(ring, "c")).toEqual({ above: [], ring: ["c", "d", "a", "b"] })
  expect(inviterPath(ring, "y")).toEqual({ above: ["x", "a"], ring: ["a", "b", "c", "d"] })
  expect(new Set(ringsOf(ring).keys())).toEqual(new Set("abcd"))
})

test("who invited themselves is a ring of one", () => {
  expect(inviterPath(invitations("a>a"), "a")).toEqual({ above: [], ring: ["a"] })
})

test("without a ring the way up ends at whom nobody invited", () => {
  expect(inviterPath(invitations("a>b", "b>c"), "c")).toEqual({ above: ["b", "a"], ring: [] })
  expect(inviterPath(new Map(), "c")).toEqual({ above: [], ring: [] })
})

test("whatever invites whom, the members of rings are those who come back to themselves", () => {
  const graph = fc.array(fc.nat(11), { minLength: 12, maxLength: 12 })
  fc.assert(
    fc.property(graph, fc.subarray([...Array(12).keys()]), (inviterOf, invited) => {
      const inviters = new Map(invited.map(n => [`${n}`, `${inviterOf[n]}`]))
      const comesBack = (start: string) => {
        let at = inviters.get(start)
        for (let steps = 0; at !== undefined && at !== start && steps < 12; steps++) at = inviters.get(at)
        return at === start
      }
      const rings = ringsOf(inviters)
      for (const start of [...Array(12).keys()].map(String)) {
        expect(rings.has(start)).toBe(comesBack(start))
        const { ring } = inviterPath(inviters, start)
        for (const [place, member] of ring.entries()) {
          expect(inviters.get(ring[(place + 1) % ring.length] as string)).toBe(member)
        }
      }
    }),
  )
})

test("the lines of a tree go on beside those who are not the last", () => {
  expect(treeLines([], 4)).toBe("")
  expect(treeLines([false], 4)).toBe("├ ")
  expect(treeLines([false, true, true], 4)).toBe("│       └ ")
  expect(treeLines([true, false], 2)).toBe("  ├ ")
})

test("a tree for people has everybody right above those they invited, and says where a ring closes", () => {
  const node = (user_id: string, inviter_id: string | null, depth: number) => ({
    user_id,
    inviter_id,
    depth,
    login: null,
    created_at: "",
  })
  const nodes = [node("a", null, 0), node("b", "a", 1), node("c", "a", 1), node("d", "b", 2), node("e", "b", 2)]
  const account = (user_id: string) => ({
    user_id,
    login: null,
    username: `user ${user_id}`,
    status: "active" as const,
  })
  expect(drawTree(nodes, account, "d").map(({ text }) => text)).toEqual([
    "user a",
    "├ user b",
    "│ ├ user d  ↺ back to user a: a ring of 3",
    "│ └ user e",
    "└ user c",
  ])
})
