import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { MailStep } from "../../src/domain/mail-step.ts"
import { setEmail, watchEmailTest } from "../../src/services/email/email.ts"
import { done, inspection, openScreen, small, typed, values } from "../support/email-screen.ts"
import { later } from "../support/fake-changes.ts"
import { eventually } from "../support/waiting.ts"

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const step = (name: MailStep["name"], more: Partial<MailStep> = {}): MailStep => ({
  name,
  done: true,
  duration_ms: 12,
  detail: "",
  response: "",
  next: null,
  ...more,
})
const resolved = step("resolve", { detail: "smtp.example.com → 192.0.2.25", next: "connect" })
const connected = step("connect", { detail: "192.0.2.25:587", duration_ms: 31, next: "greeting" })
const outcome = (more: object = {}) => ({
  outcome: {
    result: "accepted",
    explanation: "The server accepted the mail for ops@example.com.",
    response: "250 queued",
    duration_ms: 181,
    tls: true,
    step: null,
    via: "settings",
    offered: null,
    findings: [],
    ...more,
  },
})

/** A feed that waits where a promise stands in its place. */
const feed = (...items: unknown[]) =>
  async function* () {
    for (const item of items) yield await item
  }

test("each step of a test mail is shown when it happens, then what it means", async () => {
  const second = later<MailStep>()
  const last = later<unknown>()
  const { see, press, body, follow } = openScreen(inspection(), {
    follow: feed(resolved, second.promise, step("greeting", { response: "220 hello", next: "sender" }), last.promise),
  })
  await see("settings complete")
  press("T")
  await see("with the settings in force")
  press("ops@example.com", "enter")
  await see("✓ resolve", "… connect", "Esc end")
  second.resolve(connected)
  await see("✓ connect", "✓ greeting", "… sender")
  last.resolve(outcome())
  await see("The server accepted the mail for ops@example.com.", "Esc back", "Enter again")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Test mail to ops@example.com                                                     as it is in force",
      "",
      "   ✓ resolve    smtp.example.com → 192.0.2.25                                                  12ms",
      "   ✓ connect    192.0.2.25:587                                                                 31ms",
      "   ✓ greeting   220 hello                                                                      12ms",
      "   The server accepted the mail for ops@example.com.",
      "   encrypted, 181ms in all",
    ]
  `)
  expect(follow).toHaveBeenCalledExactlyOnceWith(watchEmailTest, { to: "ops@example.com" }, expect.anything())
  press("T")
  await eventually(() => expect(follow).toHaveBeenCalledTimes(2))
})

test("a refusal has the server's words whole and made safe, also on the smallest terminal", async () => {
  const response = `535 5.7.8 \x1b[2J\x1b]0;owned\x07 ${"authentication failed and so on ".repeat(12)}`
  const { see, press, body } = openScreen(inspection(), {
    size: small,
    follow: feed(
      resolved,
      connected,
      step("sign_in", { done: false, response }),
      outcome({
        result: "refused",
        explanation: "The server rejected this user and password. Nothing was sent.",
      }),
    ),
  })
  await see("settings complete")
  press("T")
  await see("Test mail")
  press("ops@example.com", "enter")
  await see("rejected this user and password. Nothing", "was sent.")
  expect(body()).toMatchInlineSnapshot(`
    [
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "                authentication failed and so on",
      "   The server rejected this user and password. Nothing",
      "   was sent.",
      "   encrypted, 181ms in all",
    ]
  `)
  press("k", "k", "k", "k", "k", "k", "k", "k")
  await see("✗ sign in", "535 5.7.8 \\x1b[2J\\x1b]0;owned\\x07")
})

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

test("Esc ends a test, and then goes back to what was typed", async () => {
  const ended = outcome({ result: "ended", explanation: "Ended: nothing was sent." })
  const recorded = later<void>()
  const { see, press, lines } = openScreen(inspection(), {
    async *follow(_feed, _input, { signal }) {
      yield resolved
      await new Promise(aborted => signal.addEventListener("abort", aborted))
      await recorded.promise
      yield ended
    },
  })
  await see("settings complete")
  press("T")
  await see("Test mail")
  press("ops@example.com", "enter")
  await see("… connect")
  press("enter")
  await see("again: the test is running", "Esc end")
  expect(lines().at(-1)).not.toContain("Esc back")
  press("esc")
  await see("ending…", "Esc back")
  recorded.resolve()
  await see("nothing was sent")
  press("esc")
  await see("ops@example.com", "with the settings in force")
})

test("a test goes on while another screen is in sight, and coming back sends no second mail", async () => {
  const last = later<unknown>()
  const { see, gone, press, follow } = openScreen(inspection(), { follow: feed(resolved, last.promise) })
  await see("settings complete")
  press("T")
  await see("Test mail")
  press("ops@example.com", "enter")
  await see("… connect")
  press("2")
  await gone("… connect")
  press("8")
  await see("✓ resolve", "… connect")
  press("2")
  await gone("… connect")
  last.resolve(outcome())
  press("8")
  await see("The server accepted the mail")
  expect(follow).toHaveBeenCalledOnce()
})

test("what cannot be tried says why", async () => {
  const error = new DeckError("invalid", "there is no mail server to send through: set one", { field: "smtp_host" })
  const { see, press } = openScreen(inspection(), {
    // biome-ignore lint/correctness/useYield: it fails before its first item
    async *follow() {
      throw error
    },
  })
  await see("settings complete")
  press("T")
  await see("Test mail")
  press("ops@example.com", "enter")
  await see("there is no mail server to send through", "Enter tries again.")
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
