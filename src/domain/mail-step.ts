import type { Mailbox } from "./mail-address.ts"

export const TLS_MODES = ["none", "starttls", "tls"] as const
export type TlsMode = (typeof TLS_MODES)[number]

/** How a mail server is reached and who sends. */
export interface MailSettings {
  readonly from: Mailbox
  /** A name or an address. */
  readonly host: string
  readonly port: number
  /** Empty where nobody signs in. */
  readonly user: string
  readonly pass: string
  readonly tls_mode: TlsMode
}

/** Whether a password would travel in clear. */
export const travelsInClear = ({ tls_mode, user, pass }: Pick<MailSettings, "tls_mode" | "user" | "pass">) =>
  tls_mode === "none" && user !== "" && pass !== ""

export const IN_CLEAR = "the password travels in clear: the TLS mode is none"

/** What a test mail goes through, and what people read for it. */
export const MAIL_STEPS = {
  resolve: "resolve",
  connect: "connect",
  tls: "TLS",
  greeting: "greeting",
  starttls: "STARTTLS",
  sign_in: "sign in",
  sender: "sender",
  recipient: "recipient",
  message: "message",
} as const
export type MailStepName = keyof typeof MAIL_STEPS

/** The steps of a mail with these settings, in their order. */
export function plannedSteps({ tls_mode, user }: Pick<MailSettings, "tls_mode" | "user">): MailStepName[] {
  const begin: MailStepName[] = tls_mode === "tls" ? ["connect", "tls", "greeting"] : ["connect", "greeting"]
  const secured: MailStepName[] = tls_mode === "starttls" ? ["starttls"] : []
  const signed: MailStepName[] = user === "" ? [] : ["sign_in"]
  return ["resolve", ...begin, ...secured, ...signed, "sender", "recipient", "message"]
}

/** One step, once it is done or has failed. All text but `name` may come from outside. */
export interface MailStep {
  readonly name: MailStepName
  readonly done: boolean
  /** Since the step before. */
  readonly duration_ms: number
  /** What was reached: `smtp.example.com → 192.0.2.25`, `TLS 1.3, smtp.example.com, until 2027-02-01`; empty where it failed: the outcome explains that. */
  readonly detail: string
  /** The server's own words, without the password; empty where it said nothing. */
  readonly response: string
  /** What is waited for now; null after the last step and after one that failed. */
  readonly next: MailStepName | null
}

/**
 * `accepted`: the server took the mail. `refused`: it said no; `failed`: it could not be asked. `unknown`: it has the
 * mail, and its answer is missing. `ended`: the operator did not want to know any more.
 */
export type MailResult = "accepted" | "refused" | "failed" | "unknown" | "ended"

export interface MailOutcome {
  readonly result: MailResult
  /** What that means and what to do, a sentence or two; may quote what came from outside. */
  readonly explanation: string
  /** The server's last words, without the password; empty where it said nothing. */
  readonly response: string
  readonly duration_ms: number
  /** Whether the connection was encrypted by the end. */
  readonly tls: boolean
  /** The step that failed. */
  readonly step: MailStepName | null
}
