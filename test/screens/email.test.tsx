import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { EmailInspection } from "../../src/domain/email.ts"
import { setEmail } from "../../src/services/email/email.ts"
import { inspection, openScreen, small, typed, values } from "../support/email-screen.ts"
import { later } from "../support/fake-changes.ts"
import { until } from "../support/waiting.ts"

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

test("whether mail goes out, through what, and where each value comes from", async () => {
  const { see, body } = openScreen(inspection())
  await see("settings complete", "nothing yet")
  expect(body()).toMatchInlineSnapshot(`
    [
      " E-mail  settings complete: T tests them                                             as of 14:02:30",
      "",
      "   sends from       no-reply@example.com",
      "   through          smtp.example.com:587, encryption starttls",
      "   signs in         as mailer, password set",
      "",
      " Settings",
      "   setting     in force                                         from  saved",
      "   sender      no-reply@example.com                             db",
      "   mail server smtp.example.com                                 db",
      "   port        587                                              none",
      "   user        mailer                                           db",
      "   password    set                                              db",
      "   encryption  starttls                                         none",
      "",
      " Changes by operators",
      "   nothing yet",
    ]
  `)
})

test("a value of a megabyte pushes nothing else out of sight", async () => {
  const long = "x".repeat(1_000_000)
  const { see, body } = openScreen(
    inspection({
      in_force: { ...values, from: long, smtp_host: long, smtp_user: long },
      warnings: [`the sender ${long} is not an address`, "the password is sent unencrypted: the TLS mode is none"],
    }),
  )
  await see("Settings")
  expect(body().join("\n")).toMatch(/bytes more.*is sent unencrypted.*sends from.*signs in.*Settings/s)
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
        "mail server: ARKLOOP_SMTP_HOST is set and overrides what is saved",
        "the password is sent unencrypted: the TLS mode is none",
      ],
    }),
    { size: small },
  )
  await see("settings complete", "as of")
  expect(body()).toMatchInlineSnapshot(`
    [
      " E-mail  settings complete: T …     6 more   as of 14:02:30",
      "",
      "   ▲ look at this   mail server: ARKLOOP_SMTP_HOST is set",
      "                    and overrides what is saved",
      "   ▲ look at this   the password is sent unencrypted: the",
      "                    TLS mode is none",
      "   sends from       no-reply@example.com",
      "   through          smtp.example.com:587, encryption none",
      "   signs in         as mailer, password set",
      "",
      " Settings",
      "   setting     in force               from  saved",
      "   sender      no-reply@example.com   db",
      "   mail server smtp.example.com       env   old.example.com",
      "   port        587                    none",
    ]
  `)
})

test("without a sender no mail goes out; of a hostile host nothing is obeyed", async () => {
  const { see } = openScreen(
    inspection({ in_force: { ...values, from: "", smtp_host: "\x1b[31mred" }, warnings: ["there is no sender"] }),
  )
  await see("no mail is sent", "▲ look at this", "there is no sender", "\\x1b[31mred")
})

test("a provider is what the platform sends through", async () => {
  const provider = { ...values, name: "main", from: "p@example.com", smtp_host: "relay.example.com", smtp_port: 465 }
  const { see, press } = openScreen(inspection({ provider }))
  await see("main, the default row of smtp_providers", "p@example.com", "relay.example.com:465")
  press("T")
  await see("through the provider main")
})

test("the form shows what is saved and never a password; empty keeps it, a new one is not shown either", async () => {
  const { see, press, lines, change } = openScreen(inspection())
  await see("settings complete")
  press("e")
  await see("Edit e-mail settings", "nothing changed")
  expect(lines().filter(line => line !== "")).toMatchInlineSnapshot(`
    [
      " Edit e-mail settings   nothing changed",
      "▌ sender       no-reply@example.com   an address alone: no-reply@example.com",
      "  mail server  smtp.example.com",
      "  port         587",
      "  user         mailer",
      "  password       one is set; empty keeps it",
      "  encryption   starttls",
      "  [ ] delete the stored password",
      "────────────────────────────────────────────────────────────────────────────────────────────────────",
      " ^S save  Esc leave  Tab next field",
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
  await see("settings complete")
  press("e")
  await see("nothing changed")
  press("up", " ", "ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("✓ port")
  expect(change).toHaveBeenCalledWith(setEmail, { clear_smtp_pass: true }, { seen: values })
})

test("what is typed behind a key before anything is read goes nowhere", async () => {
  const reading = later<EmailInspection>()
  const { see, press } = openScreen(inspection(), {
    run: async ({ words }) => (words[0] === "audit" ? { data: [], next_cursor: null } : reading.promise),
  })
  await see("reading…")
  press("T", "ops2@example.com", "enter")
  await see("test: not read yet")
  reading.resolve(inspection())
  await see("E-mail  settings complete", "sends from")
})

test("who changed the settings, when and why, and all of it one key further", async () => {
  const change = {
    id: "7",
    ts: "2026-11-22T13:58:00Z",
    action: "email.config_update",
    actor_login: "second",
    metadata: { reason: "rotated" },
    before: { smtp_pass: "***" },
    after: { smtp_pass: "***" },
  }
  const run = vi.fn(async ({ words }: { words: readonly string[] }) =>
    words[0] === "audit" ? { data: [change], next_cursor: null } : inspection(),
  )
  const { see, press } = openScreen(inspection(), { run })
  await see("Changes by operators", "smtp_pass", "second", "rotated", "all changes")
  press("G", "enter")
  await see("Audit", "email.config_update")
  const asked = () => run.mock.calls.filter(([{ words }]) => words[0] === "audit").map(call => (call as unknown[])[1])
  await until(() => asked().length > 1)
  expect(asked()).toEqual([
    { action: "email.config_update", limit: 5 },
    expect.objectContaining({ filter: "action:email.config_update" }),
  ])
})
