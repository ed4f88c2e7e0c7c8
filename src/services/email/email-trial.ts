import type { EmailTestAnswer, EmailTrial } from "../../domain/email.ts"
import { DeckError } from "../../domain/errors.ts"
import { readMailbox } from "../../domain/mail-address.ts"
import { passwordRefusal } from "../../domain/mail-secret.ts"
import type { MailOutcome, MailSettings } from "../../domain/mail-step.ts"
import { type MailFinding, mailFindings } from "../../domain/platform-mailer.ts"
import { change } from "../change.ts"
import type { OperationContext, Outcome } from "../operation.ts"
import { type EmailState, type EmailValues, isPort, readEmailState, readTlsMode, valuesOf } from "./email-settings.ts"

/** Server and sender of a test mail. */
export interface Trial {
  readonly settings: MailSettings
  /** `settings`, or the name of the default row of `smtp_providers`. */
  readonly via: string
  /** The sender as it is stored or typed. */
  readonly sender: string
}

/** Plans a test. Throws DeckError "invalid" without a server, a sender, or a password that has to be typed. */
export async function trialOf({ postgres, environment, signal }: OperationContext, input: EmailTrial): Promise<Trial> {
  const { ehloName } = environment
  const { settings, ...trial } = await postgres.run(async db => planTrial(await readEmailState(db), input), signal)
  return { ...trial, settings: { ...settings, ehloName } }
}

/** The effective settings, as used by the platform; typed values replace them. */
function planTrial({ inForce, provider }: EmailState, { to: _to, clear_smtp_pass, ...typed }: EmailTrial): Trial {
  const given = Object.fromEntries(
    Object.entries(typed).filter(([field, value]) => value !== undefined && !(field === "smtp_pass" && value === "")),
  )
  // The platform takes its settings without blanks around them.
  if (given.smtp_pass !== undefined) given.smtp_pass = String(given.smtp_pass).trim()
  const isTyped = clear_smtp_pass || Object.keys(given).length > 0
  if (provider !== null && !isTyped) {
    return { settings: mailSettings(provider), via: provider.name, sender: provider.from }
  }
  const state = valuesOf(inForce)
  const values = { ...state, ...given, ...(clear_smtp_pass && { smtp_pass: "" }) }
  const why = passwordRefusal(state, { ...given, clear_smtp_pass })
  if (why !== undefined) throw new DeckError("invalid", why, { field: "smtp_pass" })
  if (given.smtp_tls_mode === undefined && inForce.smtp_tls_mode !== "" && !readTlsMode(inForce.smtp_tls_mode)) {
    const field = "smtp_tls_mode"
    throw new DeckError("invalid", `${inForce[field]} is no TLS mode: the platform sends no mail; set another`, {
      field,
    })
  }
  return { settings: mailSettings(values), via: "settings", sender: values.from }
}

function mailSettings({ from, smtp_host, smtp_port, smtp_user, smtp_pass, smtp_tls_mode }: EmailValues): MailSettings {
  const mailbox = readMailbox(from)
  if (smtp_host === "")
    throw new DeckError("invalid", "there is no mail server to send through: set one", { field: "smtp_host" })
  if (from === "") throw new DeckError("invalid", "there is no sender to send from: set one", { field: "from" })
  if (mailbox === undefined)
    throw new DeckError("invalid", `the sender ${from} is not an address: set another`, { field: "from" })
  if (!isPort(smtp_port)) {
    const words = `${smtp_port} is not a port, 1 to 65535: the platform sends no mail; set another`
    throw new DeckError("invalid", words, { field: "smtp_port" })
  }
  return { from: mailbox, host: smtp_host, port: smtp_port, user: smtp_user, pass: smtp_pass, tls_mode: smtp_tls_mode }
}

/** What the platform's mailer would have done otherwise. */
export function findingsOf({ settings, sender }: Trial, to: string, { offered }: MailOutcome): MailFinding[] {
  return mailFindings({ ...settings, sender }, to, offered)
}

/** Outcome of a test whose consumer stopped reading. */
export const ABANDONED: Pick<MailOutcome, "result" | "response"> = { result: "ended", response: "" }

/** Writes the audit row `email.test`, also after the consumer stopped reading. Throws DeckError, with the outcome. */
export async function recordTest(
  context: OperationContext,
  { to, via, reason }: { to: string; via: string; reason?: string | undefined },
  { result, response }: Pick<MailOutcome, "result" | "response">,
): Promise<Outcome<null>> {
  // PostgreSQL stores no NUL in JSON.
  const metadata = { to, via, outcome: result, response: response.replaceAll("\0", "\ufffd") }
  const audit = { action: "email.test", target: { type: "platform_setting", id: "email" }, metadata } as const
  const unstoppable = { ...context, signal: new AbortController().signal, seen: {}, progress: () => {} }
  try {
    return await change(unstoppable, async () => ({ answer: null, reason, audited: [{ audit, steps: [] }] }))
  } catch (error) {
    if (!(error instanceof DeckError)) throw error
    throw new DeckError(error.code, `the test mail was ${WORDS[result]}, and its audit row: ${error.message}`, {
      cause: error,
    })
  }
}

const WORDS: Readonly<Record<MailOutcome["result"], string>> = {
  accepted: "accepted",
  refused: "refused",
  failed: "not sent",
  unknown: "perhaps delivered",
  ended: "ended",
}

const TO_RECIPIENT = new Set(["sender", "recipient", "message"])

/** The answer of `email test` (contract, section 2). */
export function answerOf(trial: Trial, to: string, outcome: MailOutcome): EmailTestAnswer {
  const { result, step, response, duration_ms, tls } = outcome
  return {
    accepted: result === "accepted" ? [to] : [],
    rejected: result === "refused" && TO_RECIPIENT.has(step ?? "") ? [to] : [],
    response,
    duration_ms,
    tls,
    via: trial.via,
    findings: findingsOf(trial, to, outcome),
  }
}
