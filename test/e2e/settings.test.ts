import { Redis } from "ioredis"
import { expect, onTestFinished, test } from "vitest"
import { GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { Gateway, newStream, numbered, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { startMailServer } from "../support/smtp.ts"
import type { Terminal } from "../support/terminal.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

const rows = (query: string) => asSuperuser(query, database.url)
const settings = (prefix: string) =>
  rows(`select key, value from platform_settings where key like '${prefix}.%'`).then(all =>
    Object.fromEntries(all.map(({ key, value }) => [key, value])),
  )

async function open(stream: string): Promise<Terminal> {
  const terminal = operations.open(stream, { columns: 120, rows: 36 })
  // The log is there before the other screens are: a digit pressed until then leads nowhere.
  await terminal.see("● live", "9 Gateway")
  return terminal
}

/** In a dialog: gives the reason, goes to the button and presses it. */
async function confirm(terminal: Terminal, button: string, reason: string): Promise<void> {
  await terminal.see("What happens", "[ Cancel ]")
  terminal.type(reason)
  terminal.press("tab", "tab")
  await terminal.see(`[ ${button} ]`)
  terminal.press("enter")
}

test("mail that does not go out: the test says why, the password is mended, and a mail is accepted", async () => {
  const mails = await startMailServer({ login: { user: "platform", pass: "the new one" } })
  const value = (key: string, text: string | number) => `('email.${key}', '${text}')`
  await rows(
    `insert into platform_settings (key, value) values ${[
      value("from", "no-reply@platform.example"),
      value("smtp_host", "127.0.0.1"),
      value("smtp_port", mails.port),
      value("smtp_user", "platform"),
      value("smtp_pass", "the old one"),
      value("smtp_tls_mode", "none"),
    ].join(", ")}`,
  )
  const stream = newStream()
  await gateway.add(stream, numbered(1))
  const terminal = await open(stream)

  terminal.press("8")
  await terminal.see("no-reply@platform.example", "password", /is sent unencrypted/)
  terminal.press("T")
  await terminal.see("Test mail", "recipient of the mail")
  terminal.type("ops@example.com")
  terminal.press("enter")
  await terminal.see("✗ sign in", "535", "Nothing was sent")
  expect(mails.mails).toEqual([])

  // What is typed is tried before it is saved.
  terminal.press("esc")
  await terminal.see("Enter send", "▌ recipient of the mail")
  terminal.press("tab", "tab", "tab", "tab", "tab").type("the new one")
  await terminal.see("•••")
  expect(terminal.screen).not.toContain("the new one")
  terminal.press("enter")
  await terminal.see("not saved", "✓ sign in", "✓ message", "The server accepted the mail for ops@example.com.")
  expect(await settings("email")).toMatchObject({ "email.smtp_pass": "the old one" })

  terminal.press("esc")
  await terminal.see("Enter send")
  terminal.press("ctrl-s")
  await terminal.see("password: replaced")
  await confirm(terminal, "Save", "rotated at the provider")
  await terminal.see("✓ password")
  expect(await settings("email")).toMatchObject({ "email.smtp_pass": "the new one" })
  expect(mails.mails).toMatchObject([{ from: "no-reply@platform.example", to: ["ops@example.com"] }])
  const audit = await rows(
    "select action, metadata_json::text || coalesce(after_state_json::text, '') as told from audit_logs where action like 'email.%' order by ts",
  )
  expect(audit.map(({ action }) => action)).toEqual(["email.test", "email.test", "email.config_update"])
  expect(JSON.stringify(audit)).not.toContain("the new one")
})

test("the risk threshold is raised knowing whom it will hit, and the gateway's copy keeps what is not ours", async () => {
  const alice = await addPerson(database.postgres, { username: "Alice" })
  const stream = newStream()
  const risky = (ip: string, user_id = "") => request({ client_ip: ip, risk_score: "85", user_id })
  await gateway.add(stream, [
    ...numbered(20),
    risky("203.0.113.7"),
    risky("203.0.113.8"),
    risky("203.0.113.7", alice.id),
  ])
  await rows(`insert into platform_settings (key, value) values
    ('gateway.ip_mode', 'trusted_proxy'), ('gateway.trusted_cidrs', '["10.0.0.0/8"]'), ('gateway.risk_reject_threshold', '95')`)
  const redis = new Redis(`${gateway.server.url}/1`)
  onTestFinished(() => redis.disconnect())
  const copy = {
    ip_mode: "trusted_proxy",
    trusted_cidrs: ["10.0.0.0/8"],
    risk_reject_threshold: 95,
    rate_limit_burst: 120,
  }
  await redis.set(GATEWAY_CONFIG, JSON.stringify(copy))
  const terminal = await open(stream)

  // The console has read it: that the stream has lost it by now does not matter.
  const trimmed = await redis.xadd(stream, "*", ...Object.entries(risky("203.0.113.9", alice.id)).flat())
  await terminal.see("203.0.113.9")
  await redis.xdel(stream, String(trimmed))
  terminal.press("9")
  await terminal.see("in sync", "proxy", "10.0.0.0/8", "0.95", "rate_limit_burst 120", "none rejected")
  await terminal.see("▌ reject at risk")
  terminal.press("enter", "ctrl-u").type("0.8")
  await terminal.see("within 30 s", /At 0\.80, of 24 .* 4 rejected, from 3 addresses, 2 of/, "Alice")
  terminal.press("enter", "ctrl-s")
  await terminal.see("reject at risk: 0.95 → 0.80: in force within 30 s")
  await confirm(terminal, "Save", "credential stuffing")
  await terminal.see("✓ reject at risk", "in sync", "▌ reject at risk  0.80", /in force by \d\d:\d\d:\d\d/)
  expect(await settings("gateway")).toMatchObject({ "gateway.risk_reject_threshold": "80" })
  expect(JSON.parse((await redis.get(GATEWAY_CONFIG)) as string)).toEqual({ ...copy, risk_reject_threshold: 80 })
  const audit = await rows(
    "select metadata_json ->> 'reason' as reason from audit_logs where action = 'gateway.config_update'",
  )
  expect(audit).toEqual([{ reason: "credential stuffing" }])
})
