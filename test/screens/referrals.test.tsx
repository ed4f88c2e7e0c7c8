import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { Account, BranchNode, OpenedTree, ReferralRow } from "../../src/domain/referral.ts"
import { referralsScreen } from "../../src/ui/screens/referrals/referrals-list.ts"
import { clockAt } from "../support/clock.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const idOf = (name: string) =>
  `0a11ce00-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(-12)}`

const account = (login: string, status: Account["status"] = "active"): Account => ({
  user_id: idOf(login),
  login: status === "deleted" ? null : login,
  username: login,
  status,
})

const node = (login: string, size = 1, changes: Partial<BranchNode> = {}): BranchNode => ({
  ...account(login, changes.status ?? "active"),
  credited: true,
  invited_at: "2026-03-01T12:00:00Z",
  branch: { size, suspended: 0, deleted: 0, credited: size, cut: false },
  ...changes,
})

const referral = (
  inviter: Account,
  invitee: Account,
  ring: number | null,
  inviter_ring: number | null,
): ReferralRow => ({
  id: `${inviter.user_id} ${invitee.user_id}`,
  inviter_user_id: inviter.user_id,
  invitee_user_id: invitee.user_id,
  invite_code_id: idOf("code"),
  credited: invitee.status !== "deleted",
  created_at: "2026-11-20T12:00:00Z",
  inviter_login: inviter.login,
  invitee_login: invitee.login,
  inviter,
  invitee,
  code: "ABCD2345",
  ring,
  inviter_ring,
})

const tree = (root: BranchNode, children: BranchNode[], changes: Partial<OpenedTree> = {}): OpenedTree => ({
  root,
  above: [],
  above_count: 0,
  above_cut: false,
  ring: [],
  ring_size: 0,
  inviter_user_id: null,
  children: { data: children, next_cursor: null },
  ...changes,
})

const page = <Row,>(data: Row[], next_cursor: string | null = null) => ({ data, next_cursor })

type Input = { id?: string; user_id: string; cursor?: string; filter?: string }

/** A platform of these trees, by their roots, and branches, by whose they are, behind a slash by where their page begins. */
function platform(trees: Record<string, OpenedTree>, branches: Record<string, unknown>, list: ReferralRow[] = []) {
  const asked: [words: string, input: Input][] = []
  const byId = <Value,>(values: Record<string, Value>) =>
    new Map(
      Object.entries(values).map(([name, value]) => [
        idOf(name.split("/")[0] as string) + (name.split("/")[1] ?? ""),
        value,
      ]),
    )
  const run = async ({ words }: { words: readonly string[] }, input: Input) => {
    asked.push([words.join(" "), input])
    switch (words.join(" ")) {
      case "referrals list":
        return page(list.filter(row => [undefined, `inviter:${row.inviter_user_id}`].includes(input.filter)))
      case "referrals open":
        return byId(trees).get(input.user_id)
      case "referrals branch":
        return byId(branches).get(input.user_id + (input.cursor ?? ""))
      default:
        return new Promise(() => {})
    }
  }
  return { asked, run }
}

const [alice, bob, carol, eve] = [account("alice"), account("bob"), account("carol"), account("eve", "suspended")]
const gone = node("zed", 1, { status: "deleted", login: null, credited: false })

/** Alice invited Bob and Zed, Bob Carol, Carol Eve, and Eve Alice. */
const ring = platform(
  {
    alice: tree(
      node("alice", 5, { branch: { size: 5, suspended: 1, deleted: 1, credited: 4, cut: false } }),
      [node("bob", 3, { branch: { size: 3, suspended: 1, deleted: 0, credited: 3, cut: false } }), gone],
      { ring: [alice, bob, carol, eve], ring_size: 4, inviter_user_id: eve.user_id },
    ),
    zed: tree(gone, [], {
      above: [alice],
      above_count: 1,
      ring: [alice, bob, carol, eve],
      ring_size: 4,
      inviter_user_id: alice.user_id,
    }),
  },
  {
    bob: page([node("carol", 2, { branch: { size: 2, suspended: 1, deleted: 0, credited: 2, cut: false } })]),
    carol: page([node("eve", 1, { status: "suspended" })]),
    eve: page([]),
  },
  [referral(alice, account("zed", "deleted"), null, 4), referral(eve, alice, 4, 4), referral(bob, carol, 4, 4)],
)

test("from one suspicious referral the ring it hangs below is seen, whole, and left again by the way one came", async () => {
  const { see, press, lines, body } = openConsole([referralsScreen], ring)
  await see("3 shown")
  expect(lines().slice(1, 6)).toMatchInlineSnapshot(`
    [
      " / no filter · inviter: code: since:",
      " INVITER                   INVITEE                      RING    CREDITED CODE       WHEN ▼",
      "▌alice                     zed  deleted                 of ↺ 4  no       ABCD2345   11-20 12:00   2d",
      " eve  suspended            alice                        ↺ 4     yes      ABCD2345   11-20 12:00   2d",
      " bob                       carol                        ↺ 4     yes      ABCD2345   11-20 12:00   2d",
    ]
  `)
  press("enter")
  await see("a ring of 4: alice → bob", "↺ back to alice: a ring of 4")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Tree of alice  active   5 in all · 1 suspended · 1 deleted · 4 credited             as of 14:02:30",
      " invited by eve",
      " ▲ a ring of 4: alice → bob → carol → eve → alice",
      " ACCOUNT                             STATUS    CREDIT INVITED      IN ALL SUSPENDED DELETED CREDITED",
      "▌▾ alice ↺                           active    yes    03-01 12:00       5         1       1        4",
      " ├ ▾ bob ↺                           active    yes    03-01 12:00       3         1                3",
      " │   └ ▾ carol ↺                     active    yes    03-01 12:00       2         1                2",
      " │       └ ▾ eve ↺                   suspended yes    03-01 12:00",
      " │           └ ↺ back to alice: a ring of 4",
      " └ zed                               deleted   no     03-01 12:00",
    ]
  `)
  press("G", "r")
  await see("hangs below a ring of 4", "invited by alice")
  press("i")
  await see("▲ a ring of 4", "▌▾ alice")
  press("esc")
  await see("hangs below")
  press("esc")
  await see("▌└ zed")
  press("esc")
  await see("3 shown", "▌alice")
})

test("at 80 columns the names, what became of them and the size of the branches remain", async () => {
  const { see, press, body } = openConsole([referralsScreen], ring, { columns: 80, rows: 24 })
  await see("3 shown")
  expect(body().slice(1)).toMatchInlineSnapshot(`
    [
      " / no filter · inviter: code: since:",
      " INVITER              INVITEE              RING    CREDITED WHEN ▼",
      "▌alice                zed  deleted         of ↺ 4  no       11-20 12:00   2d",
      " eve  suspended       alice                ↺ 4     yes      11-20 12:00   2d",
      " bob                  carol                ↺ 4     yes      11-20 12:00   2d",
    ]
  `)
  press("enter")
  await see("↺ back to alice")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Tree of alice  active   5 in all · 1 suspended · 1 deleted · 4 credited",
      " invited by eve",
      " ▲ a ring of 4: alice → bob → carol → eve → alice",
      " ACCOUNT                             STATUS    CREDIT  IN ALL SUSPENDED DELETED",
      "▌▾ alice ↺                           active    yes          5         1       1",
      " ├ ▾ bob ↺                           active    yes          3         1",
      " │   └ ▾ carol ↺                     active    yes          2         1",
      " │       └ ▾ eve ↺                   suspended yes",
      " │           └ ↺ back to alice: a ring of 4",
      " └ zed                               deleted   no",
    ]
  `)
})

test("on the smallest terminal too", async () => {
  const { see, press, body } = openConsole([referralsScreen], ring, { columns: 60, rows: 15 })
  await see("3 shown")
  press("enter")
  await see("↺ back to alice")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Tree of alice  active   5 in all · 1 suspended · 1 deleted…",
      " invited by eve",
      " ▲ a ring of 4: alice → bob → carol → eve → alice",
      " ACCOUNT                             STATUS     IN ALL",
      "▌▾ alice ↺                           active          5",
      " ├ ▾ bob ↺                           active          3",
      " │   └ ▾ carol ↺                     active          2",
      " │       └ ▾ eve ↺                   suspended",
      " │           └ ↺ back to alice: a ring of 4",
      " └ zed                               deleted",
    ]
  `)
})

test("the list is held to the inviter of a row, and leads to who was invited", async () => {
  const { see, press } = openConsole([referralsScreen], ring)
  await see("3 shown")
  press("+")
  await see("Only this", "inviter alice")
  press("enter")
  await see("inviter alice", "1 shown")
  expect(ring.asked.at(-1)?.[1].filter).toBe(`inviter:${alice.user_id}`)
  press("u")
  await until(() => ring.asked.at(-1)?.[1].id === gone.user_id)
})

test("from a user to their tree, and from any of its accounts to its referrals as a list", async () => {
  const nothing = {
    email: null,
    email_verified_at: null,
    locale: null,
    timezone: null,
    last_seen_at: null,
    last_login_at: null,
    orgs: [],
  }
  const user = { id: alice.user_id, ...alice, ...nothing, created_at: "2026-01-01T00:00:00Z" }
  const { see, press } = openConsole([opening(shell => shell.open("user", { id: alice.user_id }))], {
    run: (operation, input) =>
      operation.words.join(" ") === "users show" ? Promise.resolve(user) : ring.run(operation, input),
  })
  press("o")
  await see("User  alice")
  press("r")
  await see("▲ a ring of 4")
  press("v")
  await see("inviter alice", "zed  deleted")
})

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
