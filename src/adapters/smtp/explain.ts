import type { DetailedPeerCertificate } from "node:tls"
import type { MailOutcome, MailSettings, MailStepName } from "../../domain/mail-step.ts"
import { NETWORK } from "../network-errors.ts"

/** A failure found by opsdeck itself; the message is the explanation. */
export class MailFailure extends Error {}

/** Properties of Node's and nodemailer's errors. */
interface SmtpError extends Error {
  readonly code?: string
  /** Node's code, where nodemailer replaced it by its own. */
  readonly originalCode?: string
  readonly response?: string
  readonly responseCode?: number
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
  const { response = "", responseCode } = failure
  if (responseCode !== undefined && responseCode >= 400) {
    return { result: "refused", explanation: `${refusal(responseCode, attempt)} ${NOTHING_SENT}`, response }
  }
  if (attempt.delivering) return { result: "unknown", explanation: MAY_BE_DELIVERED, response }
  const words = failure instanceof MailFailure ? failure.message : connectionFailure(failure, attempt)
  return { result: "failed", explanation: `${words} ${NOTHING_SENT}`, response }
}

const NOTHING_SENT = "Nothing was sent."
const MAY_BE_DELIVERED =
  "The server took the mail and did not say what became of it: it may have been delivered. Look for it before sending another."

/** A host with several addresses fails with one error per address; the reasons are alike. */
function firstOf(error: unknown): SmtpError {
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first : new Error(String(first))
}

/** Explains a negative reply by step; a code below 500 is temporary. */
function refusal(code: number, { step, settings, to }: Attempt): string {
  const forNow = code < 500
  if (step === "starttls") {
    return forNow
      ? "The server cannot encrypt now: try again later."
      : "The server offers no STARTTLS here: try TLS from the start (port 465), or another port."
  }
  if (code === 530 || code === 538) {
    return settings.tls_mode === "none"
      ? "The server wants encryption or signing in first: try STARTTLS, and a user."
      : "The server wants signing in first: set a user and a password."
  }
  if (step === "sign_in") {
    return forNow
      ? "The server cannot check the password now: try again later."
      : "The server does not accept this user and password."
  }
  if (step === "sender") {
    return forNow
      ? `The server does not take mail from ${settings.from.address} now: try again later.`
      : `The server refuses ${settings.from.address} as the sender: may this user send for that address?`
  }
  if (step === "recipient") {
    return forNow
      ? `The server does not take mail for ${to} now: try again later.`
      : `The server refuses mail for ${to} for good: is the address right, and may it be mailed through this server?`
  }
  if (step === "message") {
    return forNow ? "The server does not take the mail now: try again later." : "The server refuses the mail for good."
  }
  return forNow ? "The server turns everybody away now: try again later." : "The server turns us away."
}

function connectionFailure(
  failure: SmtpError,
  { step, settings: { host, port, tls_mode }, deadlineMs }: Attempt,
): string {
  const server = `${host}:${port}`
  if (deadlineMs !== undefined) return timeout(step, server, deadlineMs)
  const code = failure.originalCode ?? failure.code ?? ""
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = failure.cert?.subjectaltname ?? failure.cert?.subject?.CN
    return `The certificate of ${server} is for another host${names ? ` (${names})` : ""}: use the name that it is for.`
  }
  if (code === "CERT_HAS_EXPIRED") return `The certificate of ${server} has expired: it has to be renewed.`
  if (code === "CERT_NOT_YET_VALID") return `The certificate of ${server} is not valid yet: is this host's clock right?`
  if (UNTRUSTED.test(code)) {
    return `The certificate of ${server} is of an authority that this host does not know: name it in NODE_EXTRA_CA_CERTS.`
  }
  if (NOT_TLS.test(code)) return `${server} does not begin with TLS: is STARTTLS meant?`
  if (/^(ERR_(SSL|TLS)|CERT)_/.test(code)) return `${server} and this host do not agree on TLS: ${code}.`
  if (code === "EPROTOCOL") return `${server} answers, and not as a mail server does: is the port right?`
  if (code === "ENOTFOUND") return `The name ${host} does not exist: check the mail server's name.`
  if (code === "ECONNREFUSED") return `${server} refuses the connection: is the port right, and does a mail server run?`
  if (code in NETWORK) return `${server} cannot be reached: ${NETWORK[code]}.`
  if (step === "greeting" && tls_mode !== "tls")
    return `${server} closed the connection before it said a word: is TLS meant?`
  return `${server} ended the connection, or does not speak SMTP.`
}

function timeout(step: MailStepName, server: string, deadlineMs: number): string {
  const within = `within ${deadlineMs / 1000} s`
  if (step === "resolve") return `The name of the mail server was not found ${within}: does DNS work on this host?`
  if (step === "connect") return `${server} does not answer ${within}: the wrong port, or a firewall?`
  if (step === "greeting") return `${server} did not greet ${within}: is TLS from the start meant, as on port 465?`
  return `${server} did not go on ${within}.`
}

const UNTRUSTED = /SELF_SIGNED|ISSUER|LEAF_SIGNATURE|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE/
const NOT_TLS = /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE)/
