import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { clockAt } from "../support/clock.ts"
import { account, node, page, platform, tree } from "../support/referral-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const [alice, bob] = [account("alice"), account("bob")]
const opensAlice = opening(shell => shell.open("referralTree", { user_id: alice.user_id }))

test("branches are read when they are opened, a page at a time, and are open still when one comes back", async () => {
  const many = platform(
    { alice: tree(node("alice", 400), [node("bob", 399)]) },
    { bob: page([node("carol")], "second"), "bob/second": page([node("dan")]), dan: page([]) },
  )
  const { see, press, gone, body } = openConsole([opensAlice], many)
  press("o")
  await see("399")
  expect(many.asked.map(([words]) => words)).toEqual(["referrals open"])
  press("j", "right")
  await see("└ more")
  press("j", "j", "enter")
  await see("dan")
  await gone("more")
  expect(many.asked.at(-1)).toMatchObject(["referrals branch", { cursor: "second", root_user_id: alice.user_id }])
  expect(body().slice(2)).toMatchInlineSnapshot(`
    [
      " ACCOUNT                             STATUS    CREDIT INVITED      IN ALL SUSPENDED DELETED CREDITED",
      " ▾ alice                             active    yes    03-01 12:00     400                        400",
      " └ ▾ bob                             active    yes    03-01 12:00     399                        399",
      "     ├ carol                         active    yes    03-01 12:00",
      "▌    └ dan                           active    yes    03-01 12:00",
    ]
  `)
  press("enter")
  await see("reading…")
  press("esc")
  await see("▌    └ dan")
  press("h", "h")
  await gone("carol")
  await see("▌└ ▸ bob")
})

test("a branch too large to be counted says so, and who invited nobody leads to the user", async () => {
  const cut = { size: 20_001, suspended: 3, deleted: 0, credited: 9, cut: true }
  const large = platform(
    { alice: tree(node("alice", 1, { branch: cut }), [node("bob", 1, { branch: cut }), node("carol")]) },
    {},
  )
  const { see, press, lines } = openConsole([opensAlice], large)
  press("o")
  await see("20 001+ in all · 3+ suspended · 9+ credited")
  press("G")
  await see("Enter user")
  press("enter")
  await until(() => large.asked.at(-1)?.[0] === "users show")
  expect(lines()[0]).toContain("User")
})

test("the way up is told as far as there is room, and what is not known is said", async () => {
  const above = ["bob", "carol", "dan", "eve", "frank"].map(name => account(name))
  const long = platform(
    { alice: tree(node("alice"), [], { above, above_count: 10_000, above_cut: true, inviter_user_id: bob.user_id }) },
    {},
  )
  const { see, press } = openConsole([opensAlice], long, { columns: 80, rows: 24 })
  press("o")
  await see("invited nobody", "invited by bob < carol < dan < eve < frank < … 9 995+ more above")
})

test("names are shown and not obeyed, and who invited themselves is a ring of one", async () => {
  const root = { ...node("alice", 2), login: "al\u001b[31mice" }
  const itself = { ring: [root], ring_size: 1, inviter_user_id: root.user_id }
  const hostile = platform({ alice: tree(root, [{ ...node("bob"), login: "\u202ebob" }], itself) }, {})
  const { see, press } = openConsole([opensAlice], hostile)
  press("o")
  await see("al\\x1b[31mice", "\\u202ebob", "invited by itself", "a ring of 1", "├ ↺ back to")
  press("i")
  await see("inviter: it invited itself")
})

test("what cannot be read is said in its place, and the tree of nobody likewise", async () => {
  const branches: Record<string, unknown> = { bob: new DeckError("invalid", "this branch is broken") }
  const broken = platform({ alice: tree(node("alice", 3), [node("bob", 2)]) }, branches)
  const { see, press } = openConsole([opensAlice], {
    run: async (operation, input) => {
      const answer = await broken.run(operation, input)
      if (answer instanceof Error) throw answer
      if (answer === undefined) throw new DeckError("not_found", "there is no such user")
      return answer
    },
  })
  press("o")
  await see("bob")
  press("j", "l")
  await see("└ ▲ this branch is broken")
  press("k", "k", "j", "r")
  await see("▲ there is no such user")
})
