import type { Mailbox } from "./mail-address.ts"

export const TLS_MODES = ["none", "starttls", "tls"] as const
export type TlsMode = (typeof TLS_MODES)[number]

/** Mail server and sender. */
export interface MailSettings {
  readonly from: Mailbox
  /** A name or an address. */
  readonly host: string
  readonly port: number
  /** Empty without authentication. */
  readonly user: string
  readonly pass: string
  readonly tls_mode: TlsMode
  /** The name that the server is greeted with (EHLO); by default this host's. */
  readonly ehloName?: string | undefined
}

/** Whether a password would be sent unencrypted. */
export const isSentInClear = ({ tls_mode, user, pass }: Pick<MailSettings, "tls_mode" | "user" | "pass">) =>
  tls_mode === "none" && user !== "" && pass !== ""

export const IN_CLEAR = "the password is sent unencrypted"

/** Steps of a test mail, with their labels. */
export const MAIL_STEPS = {
  resolve: "resolve",
  connect: "connect",
  tls: "TLS",
  greeting: "greeting",
  hello: "EHLO",
  starttls: "STARTTLS",
  sign_in: "sign in",
  sender: "sender",
  recipient: "recipient",
  message: "message",
} as const
export type MailStepName = keyof typeof MAIL_STEPS

/** Returns the steps of a mail with these settings, in their order. */
export function plannedSteps({ tls_mode, user }: Pick<MailSettings, "tls_mode" | "user">): MailStepName[] {
  const begin: MailStepName[] = tls_mode === "tls" ? ["connect", "tls"] : ["connect"]
  const secured: MailStepName[] = tls_mode === "starttls" ? ["starttls"] : []
  const signed: MailStepName[] = user === "" ? [] : ["sign_in"]
  return ["resolve", ...begin, "greeting", "hello", ...secured, ...signed, "sender", "recipient", "message"]
}

/** One step that is done or has failed. All text but `name` may be untrusted. */
export interface MailStep {
  readonly name: MailStepName
  readonly done: boolean
  /** Since the step before. */
  readonly duration_ms: number
  /** What was reached: `smtp.example.com → 192.0.2.25`, `TLS 1.3, smtp.example.com`; empty for a failure. */
  readonly detail: string
  /** The server's reply, without the password; empty without one. */
  readonly response: string
  /** The step under way; null after the last step and after a failure. */
  readonly next: MailStepName | null
}

/** What a mail server says that it can do (EHLO). */
export interface Offered {
  /** Said before the connection was encrypted. */
  readonly starttls: boolean
  /** Methods of signing in, in capitals. */
  readonly auth: readonly string[]
  readonly smtputf8: boolean
}

/**
 * `accepted`: the server took the mail. `refused`: it rejected it; `failed`: it could not be reached. `unknown`: it has
 * the mail, and its answer is missing. `ended`: the operator cancelled.
 */
export type MailResult = "accepted" | "refused" | "failed" | "unknown" | "ended"

export interface MailOutcome {
  readonly result: MailResult
  /** Meaning and remedy, a sentence or two; may quote untrusted text. */
  readonly explanation: string
  /** The server's last reply, without the password; empty without one. */
  readonly response: string
  readonly duration_ms: number
  /** Whether the connection was encrypted at the end. */
  readonly tls: boolean
  /** The step that failed. */
  readonly step: MailStepName | null
  /** What the server said that it can do; null where it was not asked. */
  readonly offered: Offered | null
}
