import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { clockAt } from "../support/clock.ts"
import { CODES, openInvites } from "../support/invites-screen.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

test("a code is switched off from the list and on from its own screen, after what happens was read", async () => {
  const { see, press, gone, asked } = openInvites()
  await see("7 shown")
  press("X")
  await see("Deactivate invite code 1 on PROD-EU", "it can no longer be used")
  press("abuse", "tab", "tab", "enter")
  await gone("What happens")
  expect(asked).toEqual([{ id: CODES[0]?.id, is_active: false, reason: "abuse" }])
  // Nothing to do is said at once, in the list as on its own screen.
  press("A")
  await see("activate: already on")
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
