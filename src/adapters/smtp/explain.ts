import type { DetailedPeerCertificate } from "node:tls"
import type { MailOutcome, MailSettings, MailStepName } from "../../domain/mail-step.ts"
import { NETWORK, NOT_TLS, UNTRUSTED } from "../network-errors.ts"
import { greetingName } from "./ehlo.ts"

/** A failure found by opsdeck itself; the message is the explanation. */
export class MailFailure extends Error {}

/** Properties of Node's and nodemailer's errors. */
interface SmtpError extends Error {
  readonly code?: string
  /** Node's code, where nodemailer replaced it by its own. */
  readonly originalCode?: string
  readonly response?: string
  readonly responseCode?: number
  /** The command that the response answers. */
  readonly command?: string
  readonly cert?: DetailedPeerCertificate
}

/** State of a test mail when it failed. */
export interface Attempt {
  readonly step: MailStepName
  readonly settings: MailSettings
  readonly to: string
  /** Whether the server has asked for the message itself. */
  readonly delivering: boolean
  /** Set when the deadline had passed. */
  readonly deadlineMs?: number
}

type Explained = Pick<MailOutcome, "result" | "explanation" | "response">

/** Explains why the step failed, and what to fix. */
export function explain(error: unknown, attempt: Attempt): Explained {
  const failure = firstOf(error)
  const { response = "", responseCode, command = "" } = failure
  if (responseCode !== undefined && responseCode >= 400) {
    if (command === "EHLO" || command === "HELO") {
      return { result: "refused", explanation: `${noHello(responseCode, attempt)} ${NOTHING_SENT}`, response }
    }
    return { result: "refused", explanation: `${refusal(responseCode, attempt)} ${NOTHING_SENT}`, response }
  }
  if (attempt.delivering) return { result: "unknown", explanation: MAY_BE_DELIVERED, response }
  const words = failure instanceof MailFailure ? failure.message : connectionFailure(failure, attempt)
  return { result: "failed", explanation: `${words} ${NOTHING_SENT}`, response }
}

const NOTHING_SENT = "Nothing was sent."
const MAY_BE_DELIVERED =
  "The server received the mail but did not confirm it: it may have been delivered. Check before sending another."

/** A host with several addresses fails with one error per address; the reasons are alike. */
function firstOf(error: unknown): SmtpError {
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first : new Error(String(first))
}

/** The server refused to be greeted: what it says then is not about a password. */
function noHello(code: number, { settings }: Attempt): string {
  const name = greetingName(settings)
  const remedy = "set another with --ehlo-name (the platform's mailer says localhost)"
  return code < 500
    ? `The server ended the conversation at the name it was greeted with, ${name} (EHLO): try again later, or ${remedy}.`
    : `The server refused the name it was greeted with, ${name} (EHLO): ${remedy}.`
}

/** Explains a negative reply by step; a code below 500 is temporary. */
function refusal(code: number, { step, settings, to }: Attempt): string {
  const forNow = code < 500
  if (step === "starttls") {
    return forNow
      ? "The server cannot start TLS now: try again later."
      : "The server offers no STARTTLS here: try TLS from the start (port 465), or another port."
  }
  if (code === 530 || code === 538) {
    return settings.tls_mode === "none"
      ? "The server requires encryption or authentication: try STARTTLS, and a user."
      : "The server requires authentication: set a user and a password."
  }
  if (step === "sign_in") {
    return forNow
      ? "The server cannot check the password now: try again later."
      : "The server rejected this user and password."
  }
  if (step === "sender") {
    return forNow
      ? `The server does not accept mail from ${settings.from.address} now: try again later.`
      : `The server rejected the sender ${settings.from.address}: check that this user may send for it.`
  }
  if (step === "recipient") {
    return forNow
      ? `The server does not accept mail for ${to} now: try again later.`
      : `The server rejected the recipient ${to}: check the address, and that this server may relay to it.`
  }
  if (step === "message") {
    return forNow ? "The server does not accept the mail now: try again later." : "The server rejected the mail."
  }
  return forNow ? "The server accepts no connections now: try again later." : "The server rejected the connection."
}

function connectionFailure(failure: SmtpError, { step, settings, deadlineMs }: Attempt): string {
  const { host, port, tls_mode } = settings
  const server = `${host}:${port}`
  if (deadlineMs !== undefined) return timeout(step, server, deadlineMs)
  const code = failure.originalCode ?? failure.code ?? ""
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = failure.cert?.subjectaltname ?? failure.cert?.subject?.CN
    return `The certificate of ${server} is for another host${names ? ` (${names})` : ""}: use the name that it is for.`
  }
  if (code === "CERT_HAS_EXPIRED") return `The certificate of ${server} has expired: renew it.`
  if (code === "CERT_NOT_YET_VALID") return `The certificate of ${server} is not valid yet: check this host's clock`
  if (UNTRUSTED.test(code)) {
    return `The certificate of ${server} is signed by an unknown authority: add it to NODE_EXTRA_CA_CERTS.`
  }
  if (NOT_TLS.test(code)) return `${server} does not start with TLS: try STARTTLS.`
  if (/^(ERR_(SSL|TLS)|CERT)_/.test(code)) return `The TLS handshake with ${server} failed: ${code}.`
  if (code === "EPROTOCOL") return `${server} does not answer like a mail server: check the port.`
  if (code === "ENOTFOUND") return `The host name ${host} does not exist: check the mail server.`
  if (code === "ECONNREFUSED")
    return `${server} refused the connection: check the port, and that the mail server is running.`
  if (code in NETWORK) return `${server} cannot be reached: ${NETWORK[code]}.`
  if (step === "greeting" && tls_mode !== "tls") return `${server} closed the connection without a greeting: try TLS.`
  if (step === "hello") {
    return `${server} closed the connection at the name it was greeted with, ${greetingName(settings)}: set another with --ehlo-name.`
  }
  return `${server} ended the connection, or does not speak SMTP.`
}

function timeout(step: MailStepName, server: string, deadlineMs: number): string {
  const within = `within ${deadlineMs / 1000} s`
  if (step === "resolve") return `The mail server's name was not resolved ${within}: check DNS on this host.`
  if (step === "connect") return `${server} did not answer ${within}: check the port and firewalls.`
  if (step === "greeting") return `${server} sent no greeting ${within}: try TLS, as on port 465.`
  return `${server} did not continue ${within}.`
}
