import { emailTest, emailTestAnswer, emailTrial } from "../../domain/email.ts"
import { DeckError } from "../../domain/errors.ts"
import {
  IN_CLEAR,
  isSentInClear,
  MAIL_STEPS,
  type MailOutcome,
  type MailSettings,
  type MailStep,
} from "../../domain/mail-step.ts"
import type { MailFinding } from "../../domain/platform-mailer.ts"
import { defineChange, defineFeed } from "../operation.ts"
import { ABANDONED, answerOf, findingsOf, recordTest, trialOf } from "./email-trial.ts"

/** Contract, section 2: `email test`. */
export const testEmail = defineChange({
  words: ["email", "test"],
  summary: "send a test mail with the effective settings",
  input: emailTest,
  answer: emailTestAnswer,
  async preview(context, input) {
    const { settings, via } = await trialOf(context, input)
    const { from, host, port } = settings
    return {
      title: `Send a test mail to ${input.to}`,
      subject: [`${from.address} through ${host}:${port} (${via})`],
      effects: ["a mail is really sent", ...(isSentInClear(settings) ? [IN_CLEAR] : [])],
      needsConfirmation: false,
    }
  },
  async run(context, input) {
    const trial = await trialOf(context, input)
    const { settings, via } = trial
    const told: MailStep[] = []
    const sending = await send(settings, input.to, context.signal)
    let turn = await sending.next()
    for (; !turn.done; turn = await sending.next()) told.push(turn.value)
    const outcome = turn.value
    const { steps } = await recordTest(context, { ...input, via }, outcome)
    const done = told
      .filter(step => step.done)
      .map(step => ({ what: `${MAIL_STEPS[step.name]} ${step.duration_ms}ms` }))
    return {
      answer: answerOf(trial, input.to, outcome),
      steps: [...done, ...steps],
      ...(outcome.result !== "accepted" && { failure: new DeckError("unavailable", outcome.explanation) }),
    }
  },
})

export const commands = [testEmail]

/** Item of `watchEmailTest`: each step as it is done, then the outcome. */
export type EmailTestItem = MailStep | { readonly outcome: TrialResult }

export interface TrialResult extends MailOutcome {
  /** `settings`, or the name of the default row of `smtp_providers`. */
  readonly via: string
  /** What the platform's mailer would have done otherwise. */
  readonly findings: readonly MailFinding[]
}

/** A test mail with typed settings, for the screen. It ends when its consumer does. No command of its own. */
export const watchEmailTest = defineFeed({
  words: ["email", "watch"],
  summary: "send a test mail and see each step",
  input: emailTrial,
  changes: true,
  async *follow(context, input): AsyncGenerator<EmailTestItem> {
    const trial = await trialOf(context, input)
    const { settings, via } = trial
    let outcome: MailOutcome | undefined
    try {
      outcome = yield* await send(settings, input.to, context.signal)
    } finally {
      await recordTest(context, { to: input.to, via }, outcome ?? ABANDONED)
    }
    yield { outcome: { ...outcome, via, findings: findingsOf(trial, input.to, outcome) } }
  },
})

/** nodemailer is loaded only when a mail is sent. */
async function send(settings: MailSettings, to: string, signal: AbortSignal) {
  const { tryMail } = await import("../../adapters/smtp/try-mail.ts")
  return tryMail(settings, to, signal)
}
