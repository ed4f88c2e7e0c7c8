import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { Account, ReferralRow } from "../../src/domain/referral.ts"
import { referralsScreen } from "../../src/ui/screens/referrals/referrals-list.ts"
import { clockAt } from "../support/clock.ts"
import { account, idOf, node, page, platform, tree } from "../support/referral-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

/** A row of the list; rings are the sizes of those that the pair and its inviter belong to. */
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
