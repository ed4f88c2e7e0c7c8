import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { clockAt } from "../support/clock.ts"
import { CODES, openInvites } from "../support/invites-screen.ts"
import { ALICE } from "../support/record-screens.ts"
import { eventually } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

test("the list shows how far each code is used, what it is good for, and what became of its owner", async () => {
  const { see, body } = openInvites()
  await see("7 shown")
  expect(body().slice(1, 10)).toMatchInlineSnapshot(`
    [
      " / since: · part of the code, or of its owner's login or e-mail; case-insensitive",
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
