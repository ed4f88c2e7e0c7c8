import { afterEach, beforeEach, vi } from "vitest"
import { type EmailTestItem, watchEmailTest } from "../../src/services/email/email.ts"
import { operationsOn } from "./operators.ts"
import { asSuperuser, type TestDatabase } from "./postgres.ts"
import { settingsOn } from "./settings.ts"

export const TO = "ops@example.com"
export const LOGIN = { user: "platform", pass: "correct horse" }

/** A platform to send test mails from; the audit trail has none of them when a test begins. */
export function emailTestsOn(database: TestDatabase) {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const sql = (query: string) => asSuperuser(query, database.url)

  /** The stored settings lead to the server at `port`. */
  const leadTo = (port: number) =>
    settings.setRows("email.", {
      from: "no-reply@example.com",
      smtp_host: "127.0.0.1",
      smtp_port: String(port),
      smtp_user: LOGIN.user,
      smtp_pass: LOGIN.pass,
      smtp_tls_mode: "none",
    })

  /** Sends a test mail to `TO` with what is typed, and answers all that is told of it. */
  async function watch(input: object, signal?: AbortSignal): Promise<EmailTestItem[]> {
    const items: EmailTestItem[] = []
    const deck = await operations.deck()
    for await (const item of deck.follow(watchEmailTest, { to: TO, ...input }, signal && { signal })) items.push(item)
    return items
  }

  /** What the audit trail says of the test mails. */
  const audited = async () => (await settings.audit("email.test")).map(row => row.metadata_json)

  beforeEach(() => settings.forgetAudit("email.test"))
  afterEach(async () => {
    vi.unstubAllEnvs()
    await sql("delete from smtp_providers")
  })

  return { operations, settings, sql, leadTo, watch, audited }
}
