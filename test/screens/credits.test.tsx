import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { CreditsOfOrgs } from "../../src/domain/credits.ts"
import type { OrgDetail } from "../../src/domain/org.ts"
import type { SeenUser } from "../../src/domain/user.ts"
import { ALICE, answering, ORG, OTHER, page, run, userRow } from "../support/record-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const NIMBUS = "0ac3e000-0000-4000-8000-000000000002"

const org: OrgDetail = {
  ...{ org_id: ORG, name: "Acme", slug: "acme", type: "workspace", status: "active", country: null, timezone: null },
  ...{ created_at: "2024-01-01T00:00:00Z", owner: null, member_count: 0n, members: [] },
}

const member = (org_id: string, name: string) => ({
  ...{ org_id, name, slug: name, role: "owner", joined_at: "2024-01-01T00:00:00Z", status: "active" as const },
})

const alice: SeenUser = { ...userRow({ id: ALICE }), orgs: [member(ORG, "Acme"), member(NIMBUS, "Nimbus")] }

const move = (columns: Partial<CreditsOfOrgs["transactions"][number]>) => ({
  ...{ id: ALICE, org_id: ORG, org_name: "Acme", created_at: "2026-11-22T13:00:00Z", amount: 500n, note: null },
  ...{ type: "initial_grant", reference_type: null, reference_id: null, ...columns },
})

const balances = [{ org_id: ORG, org_name: "Acme", balance: 12_345n }]
const transactions = [
  move({ id: OTHER, type: "consumption", amount: -1234n, reference_type: "run", reference_id: OTHER }),
  move({ id: NIMBUS, type: "admin_adjustment", note: "made\u202e good" }),
]

const open = (name: "org" | "user", credits: CreditsOfOrgs | null, preview = vi.fn()) => {
  const deck = answering({
    ...{ "orgs show": org, "orgs api-keys": page([]), "runs list": page([]), "runs show": run({ run_id: OTHER }) },
    ...{ "credits of": { credits }, "users show": alice, "users api-keys": page([]), log: page([]) },
    ...{ "users invite-codes": page([]), "users referrals": { invited_by: null, data: [] }, "audit list": page([]) },
  })
  const screen = opening(shell =>
    name === "org" ? shell.open("org", { org_id: ORG }) : shell.open("user", { id: ALICE }),
  )
  return { ...openConsole([screen], { ...deck, preview }, { columns: 100, rows: 45 }), preview }
}

test("an organization's balance and newest transactions; Enter opens the run that consumed credits", async () => {
  const { press, see, body } = open("org", { balances, transactions })
  press("o")
  await see("balance  12 345")
  expect(body().slice(8, 13)).toMatchInlineSnapshot(`
    [
      " Credits",
      "   balance  12 345",
      "   TIME                   AMOUNT TYPE             FOR",
      " ▌ 11-22 13:00  63m       -1 234 consumption      run 0de1…",
      "   11-22 13:00  63m         +500 admin_adjustment made\\u202e good",
    ]
  `)
  press("g", "enter")
  await see(`Run  ${OTHER}`)
})

test("J adjusts them: a mistake stays at its field, and the preview has the balance", async () => {
  const effects = ["the balance becomes 12 145; it is 12 345 now"]
  const preview = vi.fn(async () => ({ title: "Remove 200 credits", subject: [], effects, needsConfirmation: true }))
  const { press, see } = open("org", { balances, transactions }, preview)
  press("o")
  await see("J credits")
  press("J")
  await see("Adjust credits of Acme", "(500 adds, -200 takes away; the balance is 12 345)")
  press("ctrl-s")
  await see("must be a whole number other than 0, like 500 or -200", "must say why")
  press(..."-200")
  press("tab")
  press(..."twice")
  press("ctrl-s")
  await see("Remove 200 credits", "the balance becomes 12 145")
  expect(preview.mock.calls[0]?.slice(0, 2)).toMatchObject([
    { words: ["credits", "adjust"] },
    { org_id: ORG, amount: -200, note: "twice" },
  ])
})

test("a user's are those of their organizations, and J leads to the one that is chosen", async () => {
  const both = [...balances, { org_id: NIMBUS, org_name: "Nimbus", balance: 0n }]
  const { press, see, body } = open("user", { balances: both, transactions })
  press("o")
  await see("Credits", "12 345")
  const from = body().indexOf(" Credits")
  expect(body().slice(from, from + 6)).toMatchInlineSnapshot(`
    [
      " Credits",
      "   Acme                                   12 345",
      "   Nimbus                                      0",
      "   TIME                   AMOUNT TYPE             ORGANIZATION     FOR",
      "   11-22 13:00  63m       -1 234 consumption      Acme             run 0de1…",
      "   11-22 13:00  63m         +500 admin_adjustment Acme             made\\u202e good",
    ]
  `)
  press("J")
  await see("┌ Organization")
  press("enter")
  await see("Organization  Acme")
})

test("a platform without credits is said to keep none", async () => {
  const { press, see } = open("org", null)
  press("o")
  await see("Credits", "not kept by this platform")
})
