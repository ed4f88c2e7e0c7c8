import { tryMail } from "../../src/adapters/smtp/try-mail.ts"
import type { MailOutcome, MailSettings, MailStep } from "../../src/domain/mail-step.ts"
import { createAuthority } from "./certificates.ts"

export const TO = "ops@example.com"
export const LOGIN = { user: "platform", pass: "correct horse battery" }

export const SETTINGS: MailSettings = {
  from: { name: "Platform, Ltd.", address: "no-reply@example.com" },
  host: "127.0.0.1",
  port: 0,
  user: "",
  pass: "",
  tls_mode: "none",
}

/** Trusted by whoever says so to Node; it vouches for `good`. */
export const authority = createAuthority()
export const good = authority.issue(["localhost", "127.0.0.1", "a.example", "b.example"])

/** A test mail with `settings`, and how it went; `!` marks the step that was not done. */
export async function tried(
  settings: Partial<MailSettings>,
  { signal = new AbortController().signal, ms = 20_000, to = TO } = {},
) {
  const steps: MailStep[] = []
  const mail = tryMail({ ...SETTINGS, ...settings }, to, signal, ms)
  let turn = await mail.next()
  for (; !turn.done; turn = await mail.next()) steps.push(turn.value)
  const outcome: MailOutcome = turn.value
  return { steps, outcome, names: steps.map(step => `${step.done ? "" : "!"}${step.name}`) }
}
