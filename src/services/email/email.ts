import type { Kysely } from "kysely"
import { z } from "zod"
import { lockSettings, writeSettings } from "../../adapters/postgres/settings.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import {
  type EmailStatus,
  type EmailUpdate,
  emailConfig,
  emailInspection,
  emailStatus,
  emailUpdate,
} from "../../domain/email.ts"
import { change, refuseUnseen } from "../change.ts"
import { owedEffects } from "../debt.ts"
import { defineChange, defineOperation, type Stores } from "../operation.ts"
import { settingCaches } from "../setting-debts.ts"
import { emailAudit, emailChange, previewOfEmail, rowsOf, settingsAskedBy } from "./email-changes.ts"
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
  writes: "api",
  summary: "change the e-mail settings; the password comes from OPSDECK_SMTP_PASS",
  input: emailUpdate,
  answer: z.null(),
  async preview(context, input) {
    const read = await context.postgres.run(async db => {
      const state = await readEmailState(db)
      const changes = emailChange(state.saved, input)
      const isSo = Object.keys(changes).length === 0
      return { state, changes, owing: isSo ? await duesOf(context, db, input) : [] }
    }, context.signal)
    return previewOfEmail(read.state, read.changes, await owedEffects(read.owing, context))
  },
  async run(context, input) {
    let warnings: string[] = []
    const outcome = await change(context, async tx => {
      await lockSettings(tx)
      const { saved, provider } = await readEmailState(tx)
      const changes = emailChange(saved, input)
      // Conflicts show a password as its mark.
      const pass = changes.smtp_pass === undefined ? {} : { smtp_pass: markOf(changes.smtp_pass) }
      refuseUnseen(context, withMark(valuesOf(saved)), { ...input, smtp_pass: undefined, ...pass })
      const isSo = Object.keys(changes).length === 0
      if (!isSo) {
        await writeSettings(tx, rowsOf(changes))
        warnings = warningsOf(emailStateOf({ ...saved, ...changes }, provider))
      }
      const owing = await duesOf(context, tx, input)
      return { answer: null, reason: input.reason, audited: isSo ? [] : [emailAudit(saved, changes, owing)], owing }
    })
    return { ...outcome, warnings }
  },
})

/** No old value in the API's cache of what `input` asks for. */
const duesOf = (stores: Pick<Stores, "postgres" | "redis">, db: Kysely<Tables>, input: EmailUpdate) =>
  settingCaches.due(stores, db, settingsAskedBy(input))

export const commands = [showEmailStatus, showEmailConfig, setEmail]
