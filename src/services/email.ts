import { z } from "zod"
import { lockSettings, writeSettings } from "../adapters/postgres/settings.ts"
import {
  type EmailStatus,
  emailConfig,
  emailInspection,
  emailStatus,
  emailTest,
  emailTestAnswer,
  emailTrial,
  emailUpdate,
} from "../domain/email.ts"
import { DeckError } from "../domain/errors.ts"
import {
  IN_CLEAR,
  MAIL_STEPS,
  type MailOutcome,
  type MailSettings,
  type MailStep,
  travelsInClear,
} from "../domain/mail-step.ts"
import { change, refuseUnseen } from "./change.ts"
import { emailChange, emailDeed, previewOfEmail, rowsOf } from "./email-changes.ts"
import { type EmailStanding, emailStanding, markOf, savedEmail, valuesOf, withMark } from "./email-settings.ts"
import { answerOf, LEFT, recordTest, trialOf } from "./email-trial.ts"
import { warningsOf } from "./email-warnings.ts"
import { defineChange, defineFeed, defineOperation } from "./operation.ts"

/** Contract, section 2: `email status`. */
export const showEmailStatus = defineOperation({
  words: ["email", "status"],
  summary: "whether the platform can send mail, and where its sender is set",
  input: z.object({}),
  answer: emailStatus,
  run: ({ postgres, signal }) => postgres.run(async db => statusOf(await emailStanding(db)), signal),
})

/** Contract, section 2: `email config`. */
export const showEmailConfig = defineOperation({
  words: ["email", "config"],
  summary: "the e-mail settings in force, without the password",
  input: z.object({}),
  answer: emailConfig,
  run: ({ postgres, signal }) =>
    postgres.run(async db => {
      const { smtp_pass, smtp_tls_mode, ...values } = valuesOf((await emailStanding(db)).inForce)
      return { ...values, smtp_pass_set: smtp_pass !== "", smtp_tls_mode }
    }, signal),
})

/** The settings from all sides, for the screen. No command of its own. */
export const inspectEmail = defineOperation({
  words: ["email", "inspect"],
  summary: "the e-mail settings as saved and as in force",
  input: z.object({}),
  answer: emailInspection,
  run: ({ postgres, signal }) =>
    postgres.run(async db => {
      const standing = await emailStanding(db)
      const { saved, inForce, sources, provider } = standing
      return {
        status: statusOf(standing),
        saved: withMark(valuesOf(saved)),
        in_force: withMark(valuesOf(inForce)),
        sources,
        provider: provider && withMark(provider),
        warnings: warningsOf(standing),
      }
    }, signal),
})

/** The default row of `smtp_providers` is used instead of the settings, so the sender is the row's. */
function statusOf({ inForce, sources, provider }: EmailStanding): EmailStatus {
  const from = provider?.from ?? inForce.from
  if (from === "") return { configured: false, from: null, source: "none" }
  return { configured: true, from, source: provider === null ? sources.from : "db" }
}

/** Contract, section 2: `email set`. */
export const setEmail = defineChange({
  words: ["email", "set"],
  summary: "change the e-mail settings; the password comes from OPSDECK_SMTP_PASS",
  input: emailUpdate,
  answer: z.null(),
  preview: ({ postgres, signal }, input) =>
    postgres.run(async db => {
      const standing = await emailStanding(db)
      return previewOfEmail(standing, emailChange(standing.saved, input))
    }, signal),
  run: (context, input) =>
    change(context, async tx => {
      await lockSettings(tx)
      const saved = await savedEmail(tx)
      const changes = emailChange(saved, input)
      // Of a password a conflict shows marks.
      const pass = changes.smtp_pass === undefined ? {} : { smtp_pass: markOf(changes.smtp_pass) }
      refuseUnseen(context, withMark(valuesOf(saved)), { ...input, smtp_pass: undefined, ...pass })
      if (Object.keys(changes).length === 0) return { answer: null, reason: input.reason, deeds: [] }
      await writeSettings(tx, rowsOf(changes))
      return { answer: null, reason: input.reason, deeds: [emailDeed(saved, changes)] }
    }),
})

/** Contract, section 2: `email test`. */
export const testEmail = defineChange({
  words: ["email", "test"],
  summary: "send a test mail with the settings in force",
  input: emailTest,
  answer: emailTestAnswer,
  async preview(context, input) {
    const { settings, via } = await trialOf(context, input)
    const { from, host, port } = settings
    return {
      title: `Send a test mail to ${input.to}`,
      subject: [`${from.address} through ${host}:${port} (${via})`],
      effects: ["a mail is really sent", ...(travelsInClear(settings) ? [IN_CLEAR] : [])],
      asks: false,
    }
  },
  async run(context, input) {
    const { settings, via } = await trialOf(context, input)
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
      answer: answerOf({ to: input.to, via }, outcome),
      steps: [...done, ...steps],
      ...(outcome.result !== "accepted" && { failure: new DeckError("unavailable", outcome.explanation) }),
    }
  },
})

/** What `watchEmailTest` yields: each step as it is done, then what became of the mail. */
export type EmailTestItem = MailStep | { readonly outcome: MailOutcome & { readonly via: string } }

/** A test mail with what is typed, saved or not, for the screen. Whoever stops reading ends it. No command of its own. */
export const watchEmailTest = defineFeed({
  words: ["email", "watch"],
  summary: "send a test mail and see each step",
  input: emailTrial,
  changes: true,
  async *follow(context, input): AsyncGenerator<EmailTestItem> {
    const { settings, via } = await trialOf(context, input)
    let outcome: MailOutcome | undefined
    try {
      outcome = yield* await send(settings, input.to, context.signal)
    } finally {
      await recordTest(context, { to: input.to, via }, outcome ?? LEFT)
    }
    yield { outcome: { ...outcome, via } }
  },
})

/** nodemailer is loaded by whoever sends a mail, and by no other command. */
async function send(settings: MailSettings, to: string, signal: AbortSignal) {
  const { tryMail } = await import("../adapters/smtp/try-mail.ts")
  return tryMail(settings, to, signal)
}
