import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { InviteCodeRow, Referred } from "../../src/domain/invite-code.ts"
import type { Preview } from "../../src/services/operation.ts"
import { invitesScreen } from "../../src/ui/screens/invites/invites-list.tsx"
import { clockAt } from "../support/clock.ts"
import { openConsole } from "../support/test-console.tsx"
import { eventually } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const ALICE = "0a11ce00-0000-4000-8000-000000000001"
const BOB = "0b0b0000-0000-4000-8000-000000000001"

const codeRow = (code: string, columns: Partial<InviteCodeRow> = {}): InviteCodeRow => ({
  id: `0c0de000-0000-4000-8000-${code.padStart(12, "0")}`,
  user_id: ALICE,
  code,
  max_uses: 10,
  use_count: 3,
  is_active: true,
  created_at: "2026-03-01T12:00:00.12045Z",
  user_login: "alice",
  user_email: "alice@example.com",
  user_name: "Alice Liddell",
  user_status: "active",
  ...columns,
})
const gone = { user_login: null, user_email: null, user_name: null, user_status: null }
const CODES = [
  codeRow("1"),
  codeRow("2", { max_uses: 0, use_count: 1284 }),
  codeRow("3", { use_count: 10 }),
  codeRow("4", { is_active: false, user_login: "mallory.of.the.long.name", user_status: "suspended" }),
  codeRow("5", { user_login: null, user_name: "Gone", user_status: "deleted" }),
  codeRow("6", { ...gone, use_count: 0, max_uses: 2_000_000_000, user_id: BOB }),
  codeRow("7", { use_count: 250, max_uses: 1000 }),
]

const joiner = (id: string, columns: Partial<Referred> = {}): Referred => ({
  id,
  user_id: BOB,
  login: "bob",
  username: "Bob Stone",
  status: "active",
  credited: true,
  created_at: "2026-11-19T20:24:27Z",
  ...columns,
})
const JOINERS = [
  joiner("1"),
  joiner("2", { login: null, username: "Gone", status: "deleted", credited: false }),
  joiner("3", { login: null, username: null, status: null, user_id: ALICE }),
]

const page = (data: readonly unknown[]) => ({ data, next_cursor: null })

const PREVIEW: Preview = {
  title: "Deactivate invite code 1",
  subject: ["of alice · alice@example.com · used 3 times, limit 10"],
  effects: ["it can no longer be used; accounts that joined with it stay"],
  needsConfirmation: false,
}

/** The list of codes over a deck that keeps what it was asked to read and to change; other screens are never answered. */
function openInvites({ size = { columns: 100, rows: 30 }, codes = CODES, change = async () => DONE } = {}) {
  const reads: object[] = []
  const asked: object[] = []
  const answers: Record<string, (input: { id: string }) => unknown> = {
    "invites list": () => page(codes),
    "invites show": ({ id }) => codes.find(code => code.id === id),
    "invites joiners": () => page(JOINERS),
    "audit list": () => page([]),
  }
  const deck = {
    run: async ({ words }: { words: readonly string[] }, input: { id: string }) => {
      reads.push({ words: words.join(" "), ...input })
      return answers[words.join(" ")]?.(input) ?? new Promise(() => {})
    },
    preview: async () => PREVIEW,
    change: (_: unknown, input: object) => {
      asked.push(input)
      return change()
    },
  }
  return { reads, asked, ...openConsole([invitesScreen], deck, size) }
}
const DONE = { answer: null, steps: [{ what: "state" }] }

test("the list shows how far each code is used, what it is good for, and what became of its owner", async () => {
  const { see, body } = openInvites()
  await see("7 shown")
  expect(body().slice(1, 10)).toMatchInlineSnapshot(`
    [
      " / since: · part of the code, or of its owner's login or e-mail, case-insensitive",
      " CODE         OWNER                E-MAIL                    USES            STATE   CREATED ▼",
      "▌1            alice                alice@example.com            3/10  █▊░░░░ active  2026-03-01 266d",
      " 2            alice                alice@example.com        1 284            active  2026-03-01 266d",
      " 3            alice                alice@example.com           10/10  ██████ used up 2026-03-01 266d",
      " 4            mallory.…  suspended alice@example.com            3/10  █▊░░░░ off     2026-03-01 266d",
      " 5            Gone  deleted        alice@example.com            3/10  █▊░░░░ active  2026-03-01 266d",
      " 6            0b0b…  unknown       -                        0/2 000 000 000  active  2026-03-01 266d",
      " 7            alice                alice@example.com          250/1 000 █░░░ active  2026-03-01 266d",
    ]
  `)
})

test("at 80 columns it does so without the day of creation", async () => {
  const { see, body } = openInvites({ size: { columns: 80, rows: 24 } })
  await see("7 shown")
  expect(body().slice(2, 10)).toMatchInlineSnapshot(`
    [
      " CODE         OWNER                E-MAIL                USES            STATE",
      "▌1            alice                alice@example.com        3/10  █▊░░░░ active",
      " 2            alice                alice@example.com    1 284            active",
      " 3            alice                alice@example.com       10/10  ██████ used up",
      " 4            mallory.…  suspended alice@example.com        3/10  █▊░░░░ off",
      " 5            Gone  deleted        alice@example.com        3/10  █▊░░░░ active",
      " 6            0b0b…  unknown       -                    0/2 000 000 000  active",
      " 7            alice                alice@example.com      250/1 000 █░░░ active",
    ]
  `)
})

test("on the smallest terminal without the address", async () => {
  const { see, body } = openInvites({ size: { columns: 60, rows: 15 } })
  await see("7 shown")
  expect(body().slice(2, 10)).toMatchInlineSnapshot(`
    [
      " CODE         OWNER                 USES            STATE",
      "▌1            alice                    3/10  █▊░░░░ active",
      " 2            alice                1 284            active",
      " 3            alice                   10/10  ██████ used up",
      " 4            mallory.…  suspended     3/10  █▊░░░░ off",
      " 5            Gone  deleted            3/10  █▊░░░░ active",
      " 6            0b0b…  unknown       0/2 000 000 000  active",
      " 7            alice                  250/1 000 █░░░ active",
    ]
  `)
})

test("a code leads to its owner and to those who came in through it, whatever became of them", async () => {
  const { see, press, body } = openInvites()
  await see("7 shown")
  press("enter")
  await see("Invite code  1  active", "bob  ")
  expect(body().slice(0, 15)).toMatchInlineSnapshot(`
    [
      " Invite code  1  active                                                              as of 14:02:30",
      "",
      " ▌ owner            alice  Alice Liddell  0a11ce00-0000-4000-8000-000000000001",
      "   e-mail           alice@example.com                owner is         active",
      "   uses             3/10  ██████░░░░░░░░░░░░░░       created          2026-03-01 12:00:00  266d ago",
      "   id               0c0de000-0000-4000-8000-000000000001",
      "",
      " Joined with it, newest first",
      "   bob                   active    credited     2026-11-19 20:24:27   3d",
      "   Gone                  deleted   not credited 2026-11-19 20:24:27   3d",
      "   0a11…                 unknown   credited     2026-11-19 20:24:27   3d",
      "   all of them, in the list of referrals",
      "",
      " Changes by operators",
      "   nothing yet",
    ]
  `)
  press("enter")
  await see("reading…")
  press("esc")
  await see("Invite code  1")
  press("j", "enter")
  await see("reading…")
})

test("from a code to all who came in through it, and to the tree of its owner", async () => {
  const { see, press, reads } = openInvites()
  await see("7 shown")
  press("r")
  await see("Referral tree")
  const ofOwner = { words: "referrals open", user_id: ALICE }
  await eventually(() => expect(reads).toContainEqual(expect.objectContaining(ofOwner)))
  press("esc")
  await see("7 shown")
  press("enter")
  await see("all of them, in the list of referrals")
  press("j", "j", "j", "j", "enter")
  await see("Referrals   code")
  const ofCode = { words: "referrals list", filter: `code:${CODES[0]?.id}` }
  await eventually(() => expect(reads).toContainEqual(expect.objectContaining(ofCode)))
  press("esc")
  await see("Invite code  1")
  press("r")
  await see("Referral tree")
})

test("a code is switched off from the list and on from its own screen, after what happens was read", async () => {
  const { see, press, gone, asked } = openInvites()
  await see("7 shown")
  press("X")
  await see("Deactivate invite code 1 on PROD-EU", "it can no longer be used")
  press("abuse", "tab", "tab", "enter")
  await gone("What happens")
  expect(asked).toEqual([{ id: CODES[0]?.id, is_active: false, reason: "abuse" }])
  press("A")
  await see("What happens")
  press("esc")
  await gone("What happens")
  press("j", "j", "j", "enter")
  await see("Invite code  4  off", "suspended")
  press("X")
  await see("deactivate: already off")
  // What comes right behind a dialog that did not open is taken for its text; moving is not.
  press("pagedown", "A")
  await see("What happens")
  press("tab", "tab", "enter")
  await gone("What happens")
  expect(asked.at(-1)).toEqual({ id: CODES[3]?.id, is_active: true })
})

test("marked codes are switched off together", async () => {
  const { see, press, asked } = openInvites()
  await see("7 shown")
  press(" ", " ", "X")
  await see("Deactivate 2 marked invite codes on PROD-EU", "1 (alice), 2 (alice)", "each: it can no longer be used")
  press("tab", "tab", "enter")
  await see("2 changed")
  expect(asked).toEqual([0, 1].map(at => ({ id: CODES[at]?.id, is_active: false })))
})

test("the form says that 0 means no limit, and warns of a limit that is used up at once", async () => {
  const { see, press, gone, asked, lines } = openInvites()
  await see("7 shown")
  press("enter")
  await see("Invite code  1", "e edit")
  press("e")
  await see("Edit invite code 1", "limit of uses", "0 means no limit; used 3 times")
  press("backspace", "backspace", "2")
  await see("limit of uses  2   at that limit it is used up: used 3 times already")
  expect(lines().slice(0, 4)).toMatchInlineSnapshot(`
    [
      " Edit invite code 1   changed: 1",
      "",
      "▌ limit of uses  2   at that limit it is used up: used 3 times already",
      "  active         [x]",
    ]
  `)
  press("backspace", "ctrl-s")
  await see("not saved: limit of uses must be a whole number, 0 to 2147483647")
  press("0")
  await gone("whole number")
  await see("0 means no limit; used 3 times")
  press("ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await gone("What happens")
  expect(asked).toEqual([{ id: CODES[0]?.id, max_uses: "0" }])
})

test("what somebody else saved meanwhile is shown beside what was typed", async () => {
  const conflicts = [{ field: "max_uses", was: 10, theirs: 20, yours: 5 }]
  const change = () => Promise.reject(new DeckError("conflict", "somebody else saved meanwhile", { conflicts }))
  const { see, press } = openInvites({ change })
  await see("7 shown")
  press("enter")
  await see("owner is", "e edit")
  press("e")
  await see("Edit invite code 1")
  press("backspace", "backspace", "5", "ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("Somebody saved invite code 1 while you were editing", "limit of uses", "20")
})
