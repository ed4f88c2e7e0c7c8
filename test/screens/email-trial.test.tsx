import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { MailStep } from "../../src/domain/mail-step.ts"
import { watchEmailTest } from "../../src/services/email/email.ts"
import { feed, inspection, openScreen, outcome, small } from "../support/email-screen.ts"
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

test.each([
  {
    size: { columns: 120, rows: 30 },
    lines: [
      "   ✓ EHLO       ops.example.com  250-smtp.example.com, PIPELINING, SIZE 10240000, STARTTLS, 8BITMIME, DSN          12ms",
    ],
  },
  {
    size: { columns: 80, rows: 24 },
    lines: [
      "   ✓ EHLO       ops.example.com                                            12ms",
      "                250-smtp.example.com, PIPELINING, SIZE 10240000,",
      "                STARTTLS, 8BITMIME, DSN",
    ],
  },
])("what a mail server says is there whole, at $size.columns columns", async ({ size, lines }) => {
  const response = "250-smtp.example.com, PIPELINING, SIZE 10240000, STARTTLS, 8BITMIME, DSN"
  const { see, press, body } = openScreen(inspection(), {
    size,
    follow: feed(step("hello", { detail: "ops.example.com", response }), outcome()),
  })
  await see("settings complete")
  press("T")
  await see("with the settings in force")
  press("ops@example.com", "enter")
  await see("The server accepted the mail")
  expect(body().slice(2, -2)).toEqual(lines)
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
