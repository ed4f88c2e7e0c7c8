import { PassThrough } from "node:stream"
import {
  type MailSettings,
  type MailStep,
  type MailStepName,
  type Offered,
  plannedSteps,
} from "../../domain/mail-step.ts"

const LONGEST_REPLY = 1_000

/** Progress of a test mail: reports each planned step when it is done, with the time since the one before. */
export class Progress {
  /** Whether the server has asked for the message itself: from then on it may be delivered in spite of errors. */
  delivering = false
  /** The server's last reply. */
  response = ""
  /** What the server said that it can do; null until it was asked. */
  offered: Offered | null = null
  /** Whether the connection is encrypted. */
  tls = false
  private readonly reported = new PassThrough({ objectMode: true })
  private readonly planned: readonly MailStepName[]
  private readonly mask: (text: string) => string
  private readonly begun = performance.now()
  private since = this.begun
  private at = 0

  constructor(settings: MailSettings) {
    this.planned = plannedSteps(settings)
    this.mask = masker(settings)
  }

  get steps(): AsyncIterable<MailStep> {
    return this.reported
  }

  /** Name of the step under way. */
  get current(): MailStepName {
    return this.planned[this.at] as MailStepName
  }

  get elapsedMs(): number {
    return Math.round(performance.now() - this.begun)
  }

  done(detail: string, response = ""): void {
    this.report(true, detail, response, this.planned[this.at + 1] ?? null)
    this.at++
  }

  /** Marks the step under way as failed. */
  fail(response: string): void {
    this.report(false, "", response, null)
  }

  end(): void {
    this.reported.end()
  }

  private report(done: boolean, detail: string, response: string, next: MailStepName | null): void {
    const now = performance.now()
    if (response !== "") this.response = this.mask(response).slice(0, LONGEST_REPLY).toWellFormed()
    this.reported.write({
      name: this.current,
      done,
      duration_ms: Math.round(now - this.since),
      detail,
      response: response === "" ? "" : this.response,
      next,
    } satisfies MailStep)
    this.since = now
  }
}

/** Masks the password, as it is and as AUTH encodes it: a hostile server may repeat what was sent to it. */
function masker({ user, pass }: Pick<MailSettings, "user" | "pass">): (text: string) => string {
  if (pass === "") return text => text
  const base64 = (text: string) => Buffer.from(text).toString("base64")
  const forms = [base64(`\0${user}\0${pass}`), base64(pass), pass]
  return text => forms.reduce(without, text)
}

/** A very short secret occurs within many words, where it reveals nothing. */
const without = (text: string, secret: string) =>
  secret.length > 3
    ? text.replaceAll(secret, "***")
    : text.replace(/[^\s"'(),:;<>]+/g, word => (word === secret ? "***" : word))
