import type { EmailInspection } from "../../../domain/email.ts"
import { readMailbox } from "../../../domain/mail-address.ts"
import { shown } from "../../../domain/safe-text.ts"
import { inspectEmail, setEmail, showEmailConfig } from "../../../services/email/email.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { reading } from "../../kit/detail/detail-section.ts"
import { type EditParams, editBinding } from "../../kit/form/edit.tsx"
import { type Piece, piece } from "../../widgets/line.tsx"
import { emailSections, notesOf, TYPED_FIELDS, usedFields, warningsOn } from "./email-fields.ts"
import { trialFormScreen } from "./trial-form.tsx"

/** Draws whether the settings are complete; only a test can tell whether mail arrives. */
function verdict({ provider, in_force }: EmailInspection): Piece[] {
  const { from, smtp_host } = provider ?? in_force
  const isSet = smtp_host !== "" && readMailbox(from) !== undefined
  return [isSet ? piece(shown`settings complete: T tests them`) : piece(shown`no mail is sent`, "act")]
}

/** Returns the answer of `email config`. */
const inForce = ({ in_force }: EmailInspection) => ({ ...in_force, smtp_pass_set: in_force.smtp_pass !== "" })

const editOf = ({ saved }: EmailInspection): EditParams => ({
  title: "e-mail settings",
  change: setEmail,
  input: {},
  fields: TYPED_FIELDS,
  seen: saved,
  notes: notesOf(saved),
  warnings: warningsOn(saved),
  target: "email",
})

/** Screen of the e-mail settings: warnings first, then values and their sources. */
export const emailScreen = defineDetail<void, EmailInspection>({
  id: "email",
  title: "E-mail",
  shortTitle: "Mail",
  tabKey: "8",
  summary: "e-mail settings: whether mail is sent, and by which server; test mails",
  source: reading(inspectEmail, () => ({})),
  command: { operation: showEmailConfig, convert: inForce, given: () => ({}) },
  name: verdict,
  fields: usedFields,
  sections: emailSections,
  bindings: [
    {
      keys: ["T"],
      label: "test",
      changes: true,
      footer: true,
      help: "send a test mail, also with settings that are not saved",
      run: ({ subject, shell }) => shell.push(trialFormScreen, subject),
    },
    editBinding("change the settings", editOf),
  ],
})
