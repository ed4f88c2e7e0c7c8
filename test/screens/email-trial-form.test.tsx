import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { setEmail, watchEmailTest } from "../../src/services/email/email.ts"
import { done, feed, inspection, openScreen, outcome, typed, values } from "../support/email-screen.ts"

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

test("with what is typed and not saved, it is tried, mended, and saved", async () => {
  const { see, gone, press, follow, change } = openScreen(inspection(), { follow: feed(outcome()) })
  await see("settings complete")
  press("T")
  await see("with the settings in force")
  press("ops@example.com", "tab", "tab", ...typed("mx.example.com"), "tab", ...typed("70000"), "enter")
  await see("must be a port, 1 to 65535", "with what is typed (not saved): mail server, port")
  press(...typed("2525"), "enter")
  await see("must be typed: the stored password is for smtp.example.com; type the one for mx.example.com")
  press("hunter22", "enter")
  await see("Test mail to ops@example.com", "with what is typed (not saved)", "The server accepted the mail")
  const tried = { smtp_host: "mx.example.com", smtp_port: "2525", smtp_pass: "hunter22" }
  expect(follow).toHaveBeenCalledWith(watchEmailTest, { to: "ops@example.com", ...tried }, expect.anything())
  press("esc")
  await see("mx.example.com", "^S save")
  press("ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await gone("recipient of the mail")
  expect(change).toHaveBeenCalledWith(setEmail, { ...tried }, { seen: values })
})

test("what somebody else saved during a test is taken or overwritten, as in the form", async () => {
  const conflicts = [{ field: "smtp_port", was: 587, theirs: 465, yours: 2525 }]
  const answers = [() => Promise.reject(new DeckError("conflict", "saved meanwhile", { conflicts })), done]
  const change = vi.fn(() => (answers.shift() as typeof done)())
  const { see, gone, press } = openScreen(inspection(), { change })
  await see("settings complete")
  press("T")
  await see("with the settings in force")
  press("tab", "tab", "tab", ...typed("2525"), "ctrl-s")
  await see("What happens")
  press("late mail", "tab", "tab", "enter")
  await see("Somebody saved e-mail settings while you were editing", "465", "2525")
  press("enter")
  await gone("Somebody saved")
  press("ctrl-s")
  await see("late mail", "What happens")
  press("tab", "tab", "enter")
  await gone("recipient of the mail")
  const input = { smtp_port: "2525", reason: "late mail" }
  expect(change).toHaveBeenLastCalledWith(setEmail, input, { seen: { ...values, smtp_port: 465 } })
})

test.each([
  ["T", "Test mail", "the password is sent unencrypted"],
  ["e", "Edit e-mail settings", "without TLS the platform signs in to localhost alone"],
])("what becomes of a password without encryption is said where that is chosen: %s", async (key, title, words) => {
  const { see, gone, press } = openScreen(inspection())
  await see("settings complete")
  press(key)
  await see(title)
  press("up", "up", "left")
  await see(`‹ none ›  ▲ ${words}`)
  press("down", " ")
  await gone(words)
})

test("a name before the sender's address is warned of when it is typed, and what a test finds is told with its remedy", async () => {
  const findings = [
    { says: "the platform's mailer signs in with PLAIN alone; this server offers \x1bLOGIN", remedy: "allow it" },
  ]
  const { see, press, body } = openScreen(inspection(), { follow: feed(outcome({ findings })) })
  await see("settings complete")
  press("T")
  await see("with the settings in force")
  press("ops@example.com", "tab", ...typed("Ops <ops@example.com>"))
  await see("▲ the platform's mailer takes an address alone")
  press("enter")
  await see("▲ the platform's mailer signs in", "allow it")
  expect(body().slice(-3)).toEqual([
    "",
    "   ▲ the platform's mailer signs in with PLAIN alone; this server offers \\x1bLOGIN",
    "     allow it",
  ])
})

test("nobody named means the operator, where they have an address", async () => {
  const { see, press, follow } = openScreen(inspection(), { own: "root@example.com", follow: feed(outcome()) })
  await see("settings complete")
  press("T")
  await see("empty: yours, root@example.com")
  press("enter")
  await see("Test mail to root@example.com")
  expect(follow).toHaveBeenCalledWith(watchEmailTest, { to: "root@example.com" }, expect.anything())
})

test("nobody named and nobody known, or two at once, is a mistake of the field", async () => {
  const { see, press, follow } = openScreen(inspection())
  await see("settings complete")
  press("T")
  await see("Test mail")
  press("enter")
  await see("name an address, like ops@example.com")
  press("a@example.com,b@example.com", "enter")
  await see("must be one plain address")
  expect(follow).not.toHaveBeenCalled()
})

test("what was typed for a test is not lost by one key", async () => {
  const { see, gone, press } = openScreen(inspection())
  await see("settings complete")
  press("T")
  await see("Test mail")
  press("tab", "tab", "x", "esc")
  await see("Unsaved changes: mail server.", "[ Stay ]")
  press("tab", "enter")
  await gone("Test mail")
})
