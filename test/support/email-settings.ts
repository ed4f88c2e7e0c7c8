import { afterEach, beforeEach, vi } from "vitest"
import { inspectEmail, showEmailConfig } from "../../src/services/email/email.ts"
import { operationsOn } from "./operators.ts"
import { asSuperuser, type TestDatabase } from "./postgres.ts"
import { settingsOn } from "./settings.ts"

export const ROWS = {
  from: "no-reply@example.com",
  smtp_host: "smtp.example.com",
  smtp_port: "2525",
  smtp_user: "platform",
  smtp_pass: "correct horse",
  smtp_tls_mode: "tls",
}
/** Passwords, which stand nowhere. */
export const SECRET = /correct horse|new horse/

/** What is warned of. */
export const SIGNS_IN = "without TLS the platform signs in to localhost alone: the TLS mode is none"
export const NAMED =
  "the platform's mailer hands the sender to the server as it is stored: Ops <ops@example.com> is refused; save the address alone: ops@example.com"

/** Makes a default row of smtp_providers. */
export const PROVIDER = `insert into smtp_providers (name, from_addr, smtp_host, smtp_user, smtp_pass, is_default)
  values ('Mailer', 'mailer@example.org', 'smtp.example.org', 'mailer', 'correct horse', true)`

/** A platform with these settings of its mail before each test. */
export function emailOn(database: TestDatabase) {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const deck = () => operations.deck()
  const config = async () => (await deck()).run(showEmailConfig, {})
  const inspect = async () => (await deck()).run(inspectEmail, {})
  const sql = (query: string) => asSuperuser(query, database.url)

  beforeEach(() => settings.setRows("email.", ROWS))
  afterEach(async () => {
    vi.unstubAllEnvs()
    await sql("delete from smtp_providers")
    await settings.forgetAudit("email.config_update")
  })

  return { operations, settings, deck, config, inspect, sql }
}
