import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { AuditEntry } from "../../src/domain/audit-entry.ts"
import { auditScreen } from "../../src/ui/screens/audit/audit-list.tsx"
import { clockAt } from "../support/clock.ts"
import { ALICE, answering, BOB, linesAt, page } from "../support/record-screens.ts"
import { openConsole } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

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

test("the trail is held to the actor of a row, and no longer once all are asked for again", async () => {
  const deck = answering({
    "audit list": page([entry(), entry({ id: "2", actor_login: null, actor_username: null })]),
  })
  const { see, press, gone } = openConsole([auditScreen], deck)
  await see("2 shown", "asked by the owner")
  press("+")
  await see("Only this", "actor alice")
  press("j", "enter")
  await see("actor alice")
  await until(() => deck.asked.at(-1)?.input.filter === `actor:${ALICE}`)
  press("+")
  await see("any actor again")
  press("j", "enter")
  await gone("actor alice")
  await until(() => deck.asked.at(-1)?.input.filter === undefined)
})

test("an audit row shows before and after side by side, at any width", async () => {
  const wide = openConsole([auditScreen], answering({ "audit list": page([entry()]) }))
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
      "   time             2026-03-01 12:00:00.12045Z  266d ago",
      "   from             203.0.113.7                      with             opsdeck/1",
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
      " Recorded with it",
      "   Nothing.",
      "",
    ]
  `)
})

test("on a small terminal as well", async () => {
  const deck = answering({ "audit list": page([entry()]) })
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
      " Recorded with it",
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
  const { see, press } = openConsole([auditScreen], answering({ "audit list": page([odd]) }))
  await see("1 shown")
  press("enter")
  await see("unknown", '{"a":2}', "plain\\x1b")
})

test("fields that are called like what every object has are fields like any other", async () => {
  const before = JSON.parse('{"__proto__": {"x": 1}, "constructor": "old"}')
  const odd = entry({ metadata: {}, before, after: { toString: "new" } })
  const { see, press } = openConsole([auditScreen], answering({ "audit list": page([odd]) }))
  await see("1 shown")
  press("enter")
  await see("What it changed", "__proto__", '{"x":1}', "constructor", "old", "toString", "new")
})

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
  "audit list": page([
    entry({ id: "1", ...status("suspended", "ticket 4711"), ...namesake }),
    entry({ id: "2", ...status("deleted"), ...namesake, target_login: null }),
    entry({ id: "3", metadata: {} }),
    refused,
  ]),
})

test("the trail says what was done, to whom, by whom, and why where a reason was given", async () => {
  expect(await linesAt(160, auditScreen, trail, 4)).toMatchInlineSnapshot(`
    [
      " TIME ▼                   WHAT                     TARGET                           BY                ACTION                WHY",
      "▌2026-03-01 12:00:00 266d suspended                omer.yilmaz44    Ömer Yılmaz     alice             users.status_changed  ticket 4711",
      " 2026-03-01 12:00:00 266d deleted                  Ömer Yılmaz                      alice             users.status_changed",
      " 2026-03-01 12:00:00 266d email, locale            bob              Bob             alice             users.update",
      " 2025-03-01 12:00:00 631d sign-in refused          9f86… user login                 -                 auth.login",
    ]
  `)
})

test("at 80 columns it does so without the action's name", async () => {
  expect(await linesAt(80, auditScreen, trail, 4)).toMatchInlineSnapshot(`
    [
      " TIME ▼           WHAT             TARGET           BY           WHY",
      "▌03-01 12:00 266d suspended        omer.yilmaz44    alice        ticket 4711",
      " 03-01 12:00 266d deleted          Ömer Yılmaz      alice",
      " 03-01 12:00 266d email, locale    bob              alice",
      " 2025-03-01  631d sign-in refused  9f86… user login -",
    ]
  `)
})

test("at 60 columns without the reason", async () => {
  expect(await linesAt(60, auditScreen, trail, 4)).toMatchInlineSnapshot(`
    [
      " TIME ▼        WHAT            TARGET           BY",
      "▌03-01 12:00   suspended       omer.yilmaz44    alice",
      " 03-01 12:00   deleted         Ömer Yılmaz      alice",
      " 03-01 12:00   email, locale   bob              alice",
      " 2025-03-01    sign-in refused 9f86… user login -",
    ]
  `)
})

test("a target that is no user has the words of its kind that there is room for", async () => {
  const target = { target_type: "platform_setting", target_id: "email", target_login: null, target_username: null }
  const settings = answering({ "audit list": page([entry({ action: "email.test", metadata: {}, ...target })]) })
  expect((await linesAt(160, auditScreen, settings, 1)).at(-1)).toContain(" email platform setting ")
  expect((await linesAt(80, auditScreen, settings, 1)).at(-1)).toContain(" email setting ")
})

test("values within values are led to as JSON, which folds", async () => {
  const nested = entry({ metadata: { reason: "x", seen: { deep: [1, 2] } } })
  const { see, press, gone } = openConsole([auditScreen], answering({ "audit list": page([nested]) }))
  await see("1 shown")
  press("enter")
  await see("all values as JSON")
  press("G", "enter")
  await see("Audit values", "before", '"locale": "de"', "recorded with it", '"deep": [')
  press("v")
  await gone('"deep": [')
})
