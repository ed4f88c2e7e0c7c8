import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { OrgApiKey } from "../../src/domain/api-key.ts"
import type { OrgDetail } from "../../src/domain/org.ts"
import { runsScreen } from "../../src/ui/screens/runs/runs-list.tsx"
import { clockAt } from "../support/clock.ts"
import { answering, BOB, linesAt, ORG, OTHER, page, runs } from "../support/record-screens.ts"
import { openConsole } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const org: OrgDetail = {
  org_id: ORG,
  name: "Acme",
  slug: "acme",
  type: "workspace",
  status: "active",
  country: null,
  timezone: null,
  created_at: "2024-01-01T00:00:00Z",
  owner: null,
  member_count: 1n,
  members: [
    {
      user_id: BOB,
      login: "bob",
      username: "Bob",
      status: "suspended",
      role: "owner",
      joined_at: "2024-01-02T00:00:00Z",
    },
  ],
}

const key: OrgApiKey = {
  id: "0a1c0000-0000-4000-8000-000000000001",
  name: "ci",
  key_prefix: "ak-1a2b3",
  user_id: BOB,
  login: "bob",
  username: "Bob",
  last_used_at: "2026-11-20T12:00:00Z",
  revoked_at: null,
}

test("from a run to its organization and on to all of its runs, and back the same way to the same places", async () => {
  const deck = answering({
    "runs list": page(runs),
    "runs show": runs[1],
    "orgs show": org,
    "credits of": { credits: null },
    "orgs api-keys": { data: [key] },
  })
  const { see, press, lines, body } = openConsole([runsScreen], deck)
  await see("2 shown", "alice")
  expect(
    lines()
      .slice(0, 5)
      .map(line => line.replace(/\d\d:\d\d:\d\d$/, "14:02:31")),
  ).toMatchInlineSnapshot(`
    [
      " Runs   of any status · 2 shown                                                      as of 14:02:31",
      " / no filter · status: user: org: parent: model: error: cost> dur> tokens> since:",
      " STARTED ▼        STATUS                         TOOK USER                  COST $ MODEL",
      "▌03-01 12:00 266d completed                      2.3s alice                 0.0071 routed",
      " 03-01 12:00 266d running                        266d Bob                        - routed",
    ]
  `)
  press("j", "enter")
  await see(`Run  ${OTHER}  running`, "9 223 372 036 854 775 807 in, 4 out", "fallbacks")
  press("j", "enter")
  await see("Organization  Acme  active", "all runs of this organization")
  expect(body().slice(8, 22)).toMatchInlineSnapshot(`
    [
      " Credits",
      "   not kept by this platform",
      "",
      " API keys",
      "   KEY          STATE    LAST USED        NAME             OWNER",
      " ▌ ak-1a2b3…    works    11-20 12:00   2d ci               bob                      Bob",
      "",
      " Members, longest first",
      "   LOGIN                NAME               ROLE           STATUS    JOINED",
      "   bob                  Bob                owner          suspended 2024-01-02   3y",
      "",
      " Newest runs",
      "   STARTED               STATUS        TOOK   TOKENS IN       OUT    COST $ MODEL",
      "   03-01 12:00 266d      completed     2.3s 9 223 372 …         4    0.0071 routed",
    ]
  `)
  press("G", "enter")
  await see("organization Acme")
  expect(deck.asked.at(-1)).toMatchObject({ words: "runs list", input: { filter: `org:${ORG}` } })
  press("x")
  await until(() => deck.asked.at(-1)?.input.org_id === undefined)
  press("esc")
  await see("▌ all runs of this organization")
  press("q")
  await see(" ▌ organization")
  press("esc")
  await see("▌03-01 12:00 266d running")
})

test("an organization whose name is blank is called by its id", async () => {
  const run = { ...runs[1], org_name: " " }
  const deck = answering({
    "runs list": page([run]),
    "runs show": run,
    "orgs show": { ...org, name: " " },
    "credits of": { credits: null },
    "orgs api-keys": { data: [key] },
  })
  const { see, press } = openConsole([runsScreen], deck)
  await see("1 shown")
  press("+")
  await see(`organization ${ORG}`)
  press("esc", "enter")
  await see(`organization     ${ORG}`)
  press("j", "enter")
  await see(`Organization  ${ORG}`)
})

test("at 80 columns runs say whose they are and why they failed rather than their model", async () => {
  expect(await linesAt(80, runsScreen, answering({ "runs list": page(runs) }), 2)).toMatchInlineSnapshot(`
    [
      " STARTED ▼        STATUS                         TOOK USER                COST $",
      "▌03-01 12:00 266d completed                      2.3s alice               0.0071",
      " 03-01 12:00 266d running                        266d Bob                      -",
    ]
  `)
})

test("at 60 columns no column of theirs is cut to nothing", async () => {
  expect(await linesAt(60, runsScreen, answering({ "runs list": page(runs) }), 2)).toMatchInlineSnapshot(`
    [
      " STARTED ▼        STATUS                 TOOK USER",
      "▌03-01 12:00 266d completed              2.3s alice",
      " 03-01 12:00 266d running                266d Bob",
    ]
  `)
})
