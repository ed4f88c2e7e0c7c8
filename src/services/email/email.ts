import { z } from "zod"
import { lockSettings, writeSettings } from "../../adapters/postgres/settings.ts"
import { type EmailStatus, emailConfig, emailInspection, emailStatus, emailUpdate } from "../../domain/email.ts"
import { change, refuseUnseen } from "../change.ts"
import { defineChange, defineOperation } from "../operation.ts"
import { emailAudit, emailChange, previewOfEmail, rowsOf } from "./email-changes.ts"
import { type EmailState, emailStateOf, markOf, readEmailState, valuesOf, withMark } from "./email-settings.ts"
import { warningsOf } from "./email-warnings.ts"

export { type EmailTestItem, type TrialResult, testEmail, watchEmailTest } from "./email-test.ts"

/** Contract, section 2: `email status`. */
export const showEmailStatus = defineOperation({
  words: ["email", "status"],
  summary: "whether the platform can send mail, and where its sender is set",
  input: z.object({}),
  answer: emailStatus,
  run: ({ postgres, signal }) => postgres.run(async db => statusOf(await readEmailState(db)), signal),
})

/** Contract, section 2: `email config`. */
export const showEmailConfig = defineOperation({
  words: ["email", "config"],
  summary: "the effective e-mail settings, without the password",
  input: z.object({}),
  answer: emailConfig,
  run: ({ postgres, signal }) =>
    postgres.run(async db => {
      const { smtp_pass, smtp_tls_mode, ...values } = valuesOf((await readEmailState(db)).inForce)
      return { ...values, smtp_pass_set: smtp_pass !== "", smtp_tls_mode }
    }, signal),
})

/** The settings from all sources, for the screen. No command of its own. */
export const inspectEmail = defineOperation({
  words: ["email", "inspect"],
  summary: "the e-mail settings, saved and effective",
  input: z.object({}),
  answer: emailInspection,
  run: ({ postgres, signal }) =>
    postgres.run(async db => {
      const state = await readEmailState(db)
      const { saved, inForce, sources, provider } = state
      return {
        status: statusOf(state),
        saved: withMark(valuesOf(saved)),
        in_force: withMark(valuesOf(inForce)),
        sources,
        provider: provider && withMark(provider),
        warnings: warningsOf(state),
      }
    }, signal),
})

/** The default row of `smtp_providers` is used instead of the settings, so the sender is the row's. */
function statusOf({ inForce, sources, provider }: EmailState): EmailStatus {
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
      const state = await readEmailState(db)
      return previewOfEmail(state, emailChange(state.saved, input))
    }, signal),
  async run(context, input) {
    let warnings: string[] = []
    const outcome = await change(context, async tx => {
      await lockSettings(tx)
      const { saved, provider } = await readEmailState(tx)
      const changes = emailChange(saved, input)
      // Conflicts show a password as its mark.
      const pass = changes.smtp_pass === undefined ? {} : { smtp_pass: markOf(changes.smtp_pass) }
      refuseUnseen(context, withMark(valuesOf(saved)), { ...input, smtp_pass: undefined, ...pass })
      if (Object.keys(changes).length === 0) return { answer: null, reason: input.reason, audited: [] }
      await writeSettings(tx, rowsOf(changes))
      warnings = warningsOf(emailStateOf({ ...saved, ...changes }, provider))
      return { answer: null, reason: input.reason, audited: [emailAudit(saved, changes)] }
    })
    return { ...outcome, warnings }
  },
})

export const commands = [showEmailStatus, showEmailConfig, setEmail]
