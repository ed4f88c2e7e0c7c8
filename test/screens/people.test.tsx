import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { OrgApiKey } from "../../src/domain/api-key.ts"
import type { AuditEntry } from "../../src/domain/audit-entry.ts"
import { Decimal } from "../../src/domain/decimal.ts"
import type { OrgDetail } from "../../src/domain/org.ts"
import type { InspectedRun } from "../../src/domain/run.ts"
import type { Screen } from "../../src/ui/screen/screen.ts"
import { auditScreen } from "../../src/ui/screens/audit/audit.tsx"
import { runsScreen } from "../../src/ui/screens/runs/runs.tsx"
import { type FakeDeck, openConsole } from "../support/test-console.tsx"

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const ORG = "0ac3e000-0000-4000-8000-000000000001"
const ALICE = "0a11ce00-0000-4000-8000-000000000001"
const BOB = "0b0b0000-0000-4000-8000-000000000001"

const run = (columns: Partial<InspectedRun> = {}): InspectedRun => ({
  run_id: "0de10000-0000-4000-8000-000000000001",
  org_id: ORG,
  thread_id: "0de10000-0000-4000-8000-0000000000ff",
  status: "completed",
  model: "routed",
  persona_id: "pro",
  provider_kind: "anthropic",
  credential_name: "main",
  persona_model: null,
  duration_ms: 2345n,
  total_input_tokens: 9223372036854775807n,
  total_output_tokens: 4n,
  total_cost_usd: new Decimal("0.00706103"),
  created_at: "2026-03-01T12:00:00.12045Z",
  completed_at: "2026-03-01T12:00:02.5Z",
  failed_at: null,
  created_by_user_id: ALICE,
  login: "alice",
  username: "Alice",
  org_name: "Acme",
  events: { total: 5n, llm_turns: 2n, tool_calls: 1n, provider_fallbacks: 1n },
  failure: null,
  ...columns,
})
const OTHER = "0de10000-0000-4000-8000-000000000002"
const runs = [
  run(),
  run({ run_id: OTHER, status: "running", login: null, username: "Bob", duration_ms: null, total_cost_usd: null }),
]

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

const entry = (columns: Partial<AuditEntry> = {}): AuditEntry => ({
  id: "0a0d1700-0000-4000-8000-000000000001",
  ts: "2026-03-01T12:00:00.12045Z",
  action: "users.update",
  actor_user_id: ALICE,
  actor_login: "alice",
  actor_username: "Alice",
  target_type: "user",
  target_id: BOB,
  target_login: "bob",
  target_username: "Bob",
  trace_id: "0123456789abcdef0123456789abcdef",
  metadata: { reason: "asked by the owner" },
  ip_address: "203.0.113.7",
  user_agent: "opsdeck/1",
  before: {
    email: null,
    locale: "a value that is much too long for its half of a screen with so few columns, and goes on",
  },
  after: { email: "bob@example.com", locale: "de" },
  ...columns,
})

/** A deck that answers by the words of the operation; what it was asked is kept. */
function answering(answers: Record<string, unknown>) {
  const asked: { words: string; input: Record<string, unknown> }[] = []
  return {
    asked,
    run: async ({ words }: { words: readonly string[] }, input: Record<string, unknown>) => {
      asked.push({ words: words.join(" "), input })
      return answers[words.join(" ")]
    },
  }
}

const page = (data: unknown[]) => ({ data, next_cursor: null })

test("from a run to its organization and on to all of its runs, and back the same way to the same places", async () => {
  const deck = answering({
    "runs browse": page(runs),
    "runs list": page(runs),
    "runs inspect": runs[1],
    "orgs show": org,
    "orgs api-keys": { data: [key] },
  })
  const { see, press, lines, body } = openConsole([runsScreen], deck)
  await see("2 shown", "Acme")
  expect(
    lines()
      .slice(0, 4)
      .map(line => line.replace(/\d\d:\d\d:\d\d$/, "14:02:31")),
  ).toMatchInlineSnapshot(`
    [
      " Runs   of any status · 2 shown                                                      as of 14:02:31",
      " STARTED     STATUS      DURATION USER                       ORGANIZATION      COST $ MODEL",
      "▌03-01 12:00 completed       2.3s alice                      Acme              0.0071 routed",
      " 03-01 12:00 running            - Bob                        Acme                   - routed",
    ]
  `)
  press("j", "enter")
  await see(`Run  ${OTHER}  running`, "9 223 372 036 854 775 807 in, 4 out", "fallbacks")
  press("j", "enter")
  await see("Organization  Acme  active", "all runs of this organization")
  expect(body().slice(8, 19)).toMatchInlineSnapshot(`
    [
      " API keys",
      "   KEY          STATE    LAST USED   NAME             OWNER",
      " ▌ ak-1a2b3…    works    11-20 12:00 ci               bob              Bob",
      "",
      " Members, longest first",
      "   LOGIN                NAME               ROLE           STATUS    JOINED",
      "   bob                  Bob                owner          suspended 2024-01-02",
      "",
      " Newest runs",
      "   STARTED     STATUS      DURATION   TOKENS IN       OUT    COST $ MODEL",
      "   03-01 12:00 completed       2.3s 9 223 372 …         4    0.0071 routed",
    ]
  `)
  press("G", "enter")
  await see("organization Acme")
  expect(deck.asked.at(-1)).toMatchObject({ words: "runs browse", input: { org_id: ORG } })
  press("x")
  await vi.waitUntil(() => deck.asked.at(-1)?.input.org_id === undefined)
  press("esc")
  await see("▌ all runs of this organization")
  press("q")
  await see(" ▌ organization")
  press("esc")
  await see("▌03-01 12:00 running")
})

test("the trail is held to the actor of a row, and no longer when the key is pressed again", async () => {
  const deck = answering({
    "audit browse": page([entry(), entry({ id: "2", actor_login: null, actor_username: null })]),
  })
  const { see, press, gone } = openConsole([auditScreen], deck)
  await see("2 shown", "asked by the owner")
  press("w")
  await see("actor alice")
  await vi.waitUntil(() => deck.asked.at(-1)?.input.actor_user_id === ALICE)
  press("w")
  await gone("actor alice")
  await vi.waitUntil(() => deck.asked.at(-1)?.input.actor_user_id === undefined)
})

test("an audit row shows before and after side by side, at any width", async () => {
  const wide = openConsole([auditScreen], answering({ "audit browse": page([entry()]) }))
  await wide.see("1 shown")
  wide.press("enter")
  await wide.see("BEFORE")
  expect(wide.lines().slice(0, 20)).toMatchInlineSnapshot(`
    [
      " Audit  users.update  email, locale  2026-03-01 12:00:00",
      "",
      "   reason           asked by the owner",
      " ▌ by               alice  Alice  0a11ce00-0000-4000-8000-000000000001",
      "   user             bob  Bob  0b0b0000-0000-4000-8000-000000000001",
      "   time             2026-03-01 12:00:00.12045Z       from             203.0.113.7",
      "   with             opsdeck/1",
      "   trace            0123456789abcdef0123456789abcdef",
      "   id               0a0d1700-0000-4000-8000-000000000001",
      "",
      " What it changed",
      "                    BEFORE                                  AFTER",
      "   email            null                                    bob@example.com",
      "   locale           a value that is much too long for its   de",
      "                    half of a screen with so few columns,",
      "                    and goes on",
      "",
      " Kept with it",
      "   Nothing.",
      "",
    ]
  `)
})

test("on a small terminal as well", async () => {
  const deck = answering({ "audit browse": page([entry()]) })
  const { see, press, lines } = openConsole([auditScreen], deck, { columns: 60, rows: 15 })
  await see("1 shown")
  press("enter")
  await see("users.update")
  press("G")
  await see("goes on")
  expect(lines().slice(0, 15)).toMatchInlineSnapshot(`
    [
      " Audit  users.update  email, locale  2026-03-01 12:00:00",
      "   id               0a0d1700-0000-4000-8000-000000000001",
      "",
      " What it changed",
      "                    BEFORE              AFTER",
      "   email            null                bob@example.com",
      "   locale           a value that is     de",
      "                    much too long for",
      "                    its half of a",
      "                    screen with so",
      "                    few columns, and",
      "                    goes on",
      "",
      " Kept with it",
      "   Nothing.",
    ]
  `)
})

test("metadata and states of any form are told, whatever the writer kept", async () => {
  const odd = entry({
    metadata: "plain\u001b",
    before: [1, { a: 2 }],
    after: null,
    target_id: null,
    actor_user_id: null,
  })
  const { see, press } = openConsole([auditScreen], answering({ "audit browse": page([odd]) }))
  await see("1 shown")
  press("enter")
  await see("nobody known", '{"a":2}', "plain\\x1b")
})

test("fields that are called like what every object has are fields like any other", async () => {
  const before = JSON.parse('{"__proto__": {"x": 1}, "constructor": "old"}')
  const odd = entry({ metadata: {}, before, after: { toString: "new" } })
  const { see, press } = openConsole([auditScreen], answering({ "audit browse": page([odd]) }))
  await see("1 shown")
  press("enter")
  await see("What it changed", "__proto__", '{"x":1}', "constructor", "old", "toString", "new")
})

/** The first lines of a list below how it stands, at so many columns. */
async function linesAt(columns: number, screen: Screen, deck: FakeDeck, count: number) {
  const { see, lines } = openConsole([screen], deck, { columns, rows: columns < 80 ? 15 : 24 })
  await see(`${count} shown`)
  const titles = lines().findIndex(line => /^ (TIME|STARTED) /.test(line))
  return lines().slice(titles, titles + 1 + count)
}

const status = (new_status: string, reason?: string) => ({
  action: "users.status_changed",
  metadata: { old_status: "active", new_status, reason },
  after: { status: new_status },
})
const namesake = { target_login: "omer.yilmaz44", target_username: "Ömer Yılmaz" }
const nobody = { actor_user_id: null, actor_login: null, actor_username: null }
const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
const refused = entry({
  ...nobody,
  id: "4",
  ts: "2025-03-01T12:00:00Z",
  action: "auth.login",
  metadata: { result: "failed" },
  target_type: "user_login",
  target_id: hash,
  target_login: null,
  target_username: null,
  before: null,
  after: null,
})
const trail = answering({
  "audit browse": page([
    entry({ id: "1", ...status("suspended", "ticket 4711"), ...namesake }),
    entry({ id: "2", ...status("deleted"), ...namesake, target_login: null }),
    entry({ id: "3", metadata: {} }),
    refused,
  ]),
})

test("the trail says what was done, to whom, by whom, and why where a reason was given", async () => {
  expect(await linesAt(160, auditScreen, trail, 4)).toMatchInlineSnapshot(`
    [
      " TIME                WHAT                     TARGET                           BY                   ACTION                WHY",
      "▌2026-03-01 12:00:00 suspended                omer.yilmaz44    Ömer Yılmaz     alice                users.status_changed  ticket 4711",
      " 2026-03-01 12:00:00 deleted                  Ömer Yılmaz                      alice                users.status_changed",
      " 2026-03-01 12:00:00 email, locale            bob              Bob             alice                users.update",
      " 2025-03-01 12:00:00 sign-in refused          9f86… user_login                 -                    auth.login",
    ]
  `)
})

test("at 80 columns it does so without the action's name", async () => {
  expect(await linesAt(80, auditScreen, trail, 4)).toMatchInlineSnapshot(`
    [
      " TIME        WHAT            TARGET           BY           WHY",
      "▌03-01 12:00 suspended       omer.yilmaz44    alice        ticket 4711",
      " 03-01 12:00 deleted         Ömer Yılmaz      alice",
      " 03-01 12:00 email, locale   bob              alice",
      " 2025-03-01  sign-in refused 9f86… user_login -",
    ]
  `)
})

test("at 60 columns without the reason", async () => {
  expect(await linesAt(60, auditScreen, trail, 4)).toMatchInlineSnapshot(`
    [
      " TIME        WHAT            TARGET           BY",
      "▌03-01 12:00 suspended       omer.yilmaz44    alice",
      " 03-01 12:00 deleted         Ömer Yılmaz      alice",
      " 03-01 12:00 email, locale   bob              alice",
      " 2025-03-01  sign-in refused 9f86… user_login -",
    ]
  `)
})

test("at 80 columns runs say whose they are rather than their model", async () => {
  expect(await linesAt(80, runsScreen, answering({ "runs browse": page(runs) }), 2)).toMatchInlineSnapshot(`
    [
      " STARTED     STATUS      DURATION USER                  ORGANIZATION      COST $",
      "▌03-01 12:00 completed       2.3s alice                 Acme              0.0071",
      " 03-01 12:00 running            - Bob                   Acme                   -",
    ]
  `)
})

test("at 60 columns no column of theirs is cut to nothing", async () => {
  expect(await linesAt(60, runsScreen, answering({ "runs browse": page(runs) }), 2)).toMatchInlineSnapshot(`
    [
      " STARTED     STATUS      DURATION USER",
      "▌03-01 12:00 completed       2.3s alice",
      " 03-01 12:00 running            - Bob",
    ]
  `)
})

test.each([
  [{ type: "run.failed", error_class: "tool.failed", tool_name: "python" }, "tool.failed · python · run.failed"],
  [null, "not recorded by this platform"],
])("a failed run says why, as far as the platform recorded it", async (failure, why) => {
  const failed = run({ status: "failed", failure })
  const deck = answering({ "runs browse": page([failed]), "runs inspect": failed })
  const { see, press } = openConsole([runsScreen], deck)
  await see("1 shown")
  press("enter")
  await see(`why              ${why}`)
})
