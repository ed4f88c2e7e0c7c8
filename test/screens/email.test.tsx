import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { EmailInspection } from "../../src/domain/email.ts"
import { DeckError } from "../../src/domain/errors.ts"
import type { MailStep } from "../../src/domain/mail-step.ts"
import { setEmail, watchEmailTest } from "../../src/services/email.ts"
import { emailScreen } from "../../src/ui/screens/email/email.tsx"
import { later, preview } from "../support/fake-changes.ts"
import { type FakeDeck, openConsole } from "../support/test-console.tsx"

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const values = {
  from: "Arkloop <no-reply@example.com>",
  smtp_host: "smtp.example.com",
  smtp_port: 587,
  smtp_user: "mailer",
  smtp_pass: "*** 1a2b3c4d",
  smtp_tls_mode: "starttls",
} as const

const inspection = (more: Partial<EmailInspection> = {}): EmailInspection => ({
  status: { configured: true, from: values.from, source: "db" },
  saved: values,
  in_force: values,
  sources: { from: "db", smtp_host: "db", smtp_port: "none", smtp_user: "db", smtp_pass: "db", smtp_tls_mode: "none" },
  provider: null,
  warnings: [],
  ...more,
})

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
    explanation: "The server took the mail for ops@example.com.",
    response: "250 queued",
    duration_ms: 181,
    tls: true,
    step: null,
    via: "settings",
    ...more,
  },
})

const done = async () => ({ answer: null, steps: [{ what: "port" }] })

/** The screen of `seen`, and a deck whose operator has the address `own`. */
function openScreen(
  seen: EmailInspection,
  { own = null, size, ...deck }: FakeDeck & { own?: string | null; size?: { columns: number; rows: number } } = {},
) {
  const run = async ({ words }: { words: readonly string[] }) => (words[0] === "email" ? seen : { email: own })
  const follow = vi.fn(deck.follow ?? async function* () {})
  const change = vi.fn(done)
  return {
    ...openConsole(
      [emailScreen, { ...emailScreen, id: "other", digit: "2" }],
      { run, preview: async () => preview(), change, ...deck, follow },
      size,
    ),
    follow,
    change,
  }
}

/** Types another value into the field. */
const typed = (text: string) => ["\x15", text]
const small = { columns: 60, rows: 15 }

/** A feed that waits where a promise stands in its place. */
const feed = (...items: unknown[]) =>
  async function* () {
    for (const item of items) yield await item
  }

test("whether mail goes out, through what, and where each value comes from", async () => {
  const { see, body } = openScreen(inspection())
  await see("mail is set up")
  expect(body()).toMatchInlineSnapshot(`
    [
      " E-mail  mail is set up                                                              as of 14:02:30",
      "",
      "   sends from       Arkloop <no-reply@example.com>",
      "   through          smtp.example.com:587, encryption starttls",
      "   signs in         as mailer, password set",
      "",
      " Settings",
      "   setting     in force                                         from  saved, if other",
      "   sender      Arkloop <no-reply@example.com>                   db",
      "   mail server smtp.example.com                                 db",
      "   port        587                                              none",
      "   user        mailer                                           db",
      "   password    set                                              db",
      "   encryption  starttls                                         none",
    ]
  `)
})

test("warnings come first, and what is saved stands beside what wins over it", async () => {
  const { see, body } = openScreen(
    inspection({
      saved: { ...values, smtp_host: "old.example.com", smtp_pass: "*** 99999999" },
      in_force: { ...values, smtp_tls_mode: "none" },
      sources: {
        from: "db",
        smtp_host: "env",
        smtp_port: "none",
        smtp_user: "db",
        smtp_pass: "env",
        smtp_tls_mode: "env",
      },
      warnings: [
        "mail server: ARKLOOP_SMTP_HOST is set and wins over what is saved",
        "the password travels in clear: the TLS mode is none",
      ],
    }),
    { size: small },
  )
  await see("mail is set up")
  expect(body()).toMatchInlineSnapshot(`
    [
      " E-mail  mail is set up       3 more below   as of 14:02:30",
      "",
      "   ▲ look at this   mail server: ARKLOOP_SMTP_HOST is set",
      "                    and wins over what is saved",
      "   ▲ look at this   the password travels in clear: the TLS",
      "                    mode is none",
      "   sends from       Arkloop <no-reply@example.com>",
      "   through          smtp.example.com:587, encryption none",
      "   signs in         as mailer, password set",
      "",
      " Settings",
      "   setting     in force               from  saved, if other",
      "   sender      Arkloop <no-reply@exa… db",
      "   mail server smtp.example.com       env   old.example.com",
      "   port        587                    none",
    ]
  `)
})

test("without a sender no mail goes out; of a hostile host nothing is obeyed", async () => {
  const { see } = openScreen(
    inspection({ in_force: { ...values, from: "", smtp_host: "\x1b[31mred" }, warnings: ["there is no sender"] }),
  )
  await see("no mail goes out", "▲ look at this", "there is no sender", "\\x1b[31mred")
})

test("a provider is what the platform sends through", async () => {
  const provider = { ...values, name: "main", from: "p@example.com", smtp_host: "relay.example.com", smtp_port: 465 }
  const { see, press } = openScreen(inspection({ provider }))
  await see("main, the default row of smtp_providers", "p@example.com", "relay.example.com:465")
  press("t")
  await see("through the provider main")
})

test("the form shows what is saved and never a password; empty keeps it, a new one is not shown either", async () => {
  const { see, press, lines, change } = openScreen(inspection())
  await see("mail is set up")
  press("e")
  await see("Edit e-mail settings", "nothing changed")
  expect(lines().filter(line => line !== "")).toMatchInlineSnapshot(`
    [
      " Edit e-mail settings   nothing changed",
      "▌ sender       Arkloop <no-reply@example.com>   a name is allowed: Ops <ops@example.com>",
      "  mail server  smtp.example.com",
      "  port         587",
      "  user         mailer",
      "  password       one is set; empty keeps it",
      "  encryption   starttls",
      "  [ ] forget the stored password",
      "────────────────────────────────────────────────────────────────────────────────────────────────────",
      " ^S save   Esc leave   Tab next field",
    ]
  `)
  press("tab", "tab", ...typed("2525"), "tab", "tab", "hunter22")
  await see("changed: 2")
  expect(lines().join("\n")).not.toContain("hunter22")
  press("ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("✓ port")
  const input = { smtp_port: "2525", smtp_pass: "hunter22" }
  expect(change).toHaveBeenCalledWith(setEmail, input, { seen: values })
})

test("the password is forgotten by a check box of its own", async () => {
  const { see, press, change } = openScreen(inspection())
  await see("mail is set up")
  press("e")
  await see("nothing changed")
  press("up", " ", "ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("✓ port")
  expect(change).toHaveBeenCalledWith(setEmail, { clear_smtp_pass: true }, { seen: values })
})

test("each step of a test mail is shown when it happens, then what it means", async () => {
  const second = later<MailStep>()
  const last = later<unknown>()
  const { see, press, body, follow } = openScreen(inspection(), {
    follow: feed(resolved, second.promise, step("greeting", { response: "220 hello", next: "sender" }), last.promise),
  })
  await see("mail is set up")
  press("t")
  await see("with the settings in force")
  press("ops@example.com", "enter")
  await see("✓ resolve", "… connect", "Esc end")
  second.resolve(connected)
  await see("✓ connect", "✓ greeting", "… sender")
  last.resolve(outcome())
  await see("The server took the mail for ops@example.com.", "Esc back", "Enter again")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Test mail to ops@example.com                                                     as it is in force",
      "",
      "   ✓ resolve    smtp.example.com → 192.0.2.25                                                  12ms",
      "   ✓ connect    192.0.2.25:587                                                                 31ms",
      "   ✓ greeting   220 hello                                                                      12ms",
      "   The server took the mail for ops@example.com.",
      "   encrypted, 181ms in all",
    ]
  `)
  expect(follow).toHaveBeenCalledExactlyOnceWith(watchEmailTest, { to: "ops@example.com" }, expect.anything())
  press("t")
  await vi.waitFor(() => expect(follow).toHaveBeenCalledTimes(2))
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
        explanation: "The server does not accept this user and password. Nothing was sent.",
      }),
    ),
  })
  await see("mail is set up")
  press("t")
  await see("Test mail")
  press("ops@example.com", "enter")
  await see("Nothing was sent.")
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
      "   The server does not accept this user and password.",
      "   Nothing was sent.",
      "   encrypted, 181ms in all",
    ]
  `)
  press("k", "k", "k", "k", "k", "k", "k", "k")
  await see("✗ sign in", "535 5.7.8 \\x1b[2J\\x1b]0;owned\\x07")
})

test("with what is typed and not saved, it is tried, mended, and saved", async () => {
  const { see, gone, press, follow, change } = openScreen(inspection(), { follow: feed(outcome()) })
  await see("mail is set up")
  press("t")
  await see("with the settings in force")
  press("ops@example.com", "tab", "tab", ...typed("mx.example.com"), "tab", ...typed("70000"), "enter")
  await see("must be a port, 1 to 65535", "with what is typed (not saved): mail server, port")
  press(...typed("2525"), "enter")
  await see("must be typed: the stored password is for smtp.example.com; type the one for mx.example.com")
  press("hunter22", "enter")
  await see("Test mail to ops@example.com", "with what is typed (not saved)", "The server took the mail")
  const tried = { smtp_host: "mx.example.com", smtp_port: "2525", smtp_pass: "hunter22" }
  expect(follow).toHaveBeenCalledWith(watchEmailTest, { to: "ops@example.com", ...tried }, expect.anything())
  press("esc")
  await see("mx.example.com", "^S save")
  press("ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await gone("whom the mail is for")
  expect(change).toHaveBeenCalledWith(setEmail, { ...tried }, { seen: values })
})

test("what somebody else saved during a test is taken or overwritten, as in the form", async () => {
  const conflicts = [{ field: "smtp_port", was: 587, theirs: 465, yours: 2525 }]
  const answers = [() => Promise.reject(new DeckError("conflict", "saved meanwhile", { conflicts })), done]
  const change = vi.fn(() => (answers.shift() as typeof done)())
  const { see, gone, press } = openScreen(inspection(), { change })
  await see("mail is set up")
  press("t")
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
  await gone("whom the mail is for")
  const input = { smtp_port: "2525", reason: "late mail" }
  expect(change).toHaveBeenLastCalledWith(setEmail, input, { seen: { ...values, smtp_port: 465 } })
})

test.each([
  ["t", "Test mail"],
  ["e", "Edit e-mail settings"],
])("a password that would travel in clear is said where it is chosen: %s", async (key, title) => {
  const { see, gone, press } = openScreen(inspection())
  await see("mail is set up")
  press(key)
  await see(title)
  press("up", "up", "left")
  await see("‹ none ›  ▲ the password travels in clear")
  press("down", " ")
  await gone("travels in clear")
})

test("nobody named means the operator, where they have an address", async () => {
  const { see, press, follow } = openScreen(inspection(), { own: "root@example.com", follow: feed(outcome()) })
  await see("mail is set up")
  press("t")
  await see("empty: yours, root@example.com")
  press("enter")
  await see("Test mail to root@example.com")
  expect(follow).toHaveBeenCalledWith(watchEmailTest, { to: "root@example.com" }, expect.anything())
})

test("nobody named and nobody known, or two at once, is a mistake of the field", async () => {
  const { see, press, follow } = openScreen(inspection())
  await see("mail is set up")
  press("t")
  await see("Test mail")
  press("enter")
  await see("name an address, like ops@example.com")
  press("a@example.com,b@example.com", "enter")
  await see("must be one plain address")
  expect(follow).not.toHaveBeenCalled()
})

test("Esc ends a test, and then goes back to what was typed", async () => {
  const ended = outcome({ result: "ended", explanation: "Ended before the mail was handed over: nothing was sent." })
  const recorded = later<void>()
  const { see, press, lines } = openScreen(inspection(), {
    async *follow(_feed, _input, { signal }) {
      yield resolved
      await new Promise(aborted => signal.addEventListener("abort", aborted))
      await recorded.promise
      yield ended
    },
  })
  await see("mail is set up")
  press("t")
  await see("Test mail")
  press("ops@example.com", "enter")
  await see("… connect")
  press("enter")
  await see("again: the test is under way", "Esc end")
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
  await see("mail is set up")
  press("t")
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
  await see("The server took the mail")
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
  await see("mail is set up")
  press("t")
  await see("Test mail")
  press("ops@example.com", "enter")
  await see("there is no mail server to send through", "Enter tries again.")
})

test("what was typed for a test is not lost by one key", async () => {
  const { see, gone, press } = openScreen(inspection())
  await see("mail is set up")
  press("t")
  await see("Test mail")
  press("tab", "tab", "x", "esc")
  await see("What you typed is lost: mail server.", "[ Stay ]")
  press("tab", "enter")
  await gone("Test mail")
})
