import type { EmailInspection } from "../../../domain/email.ts"
import { readMailbox } from "../../../domain/mail-address.ts"
import { shown } from "../../../domain/safe-text.ts"
import { inspectEmail, setEmail, showEmailConfig } from "../../../services/email/email.ts"
import { defineBindings } from "../../keys/binding.ts"
import { defineDetail, type Opened } from "../../kit/detail/detail.tsx"
import { reading } from "../../kit/detail/detail-section.ts"
import { type EditParams, editScreen } from "../../kit/form/edit.tsx"
import { type Piece, piece } from "../../widgets/line.tsx"
import { warningsOn } from "./clear-warning.ts"
import { emailSections, notesOf, TYPED_FIELDS, usedFields } from "./email-fields.ts"
import { trialFormScreen } from "./trial-form.tsx"

/** What stands beside the title: whether there is what a mail needs. That it arrives only a test can tell. */
function verdict({ provider, in_force }: EmailInspection): Piece[] {
  const { from, smtp_host } = provider ?? in_force
  const isSet = smtp_host !== "" && readMailbox(from) !== undefined
  return [isSet ? piece(shown`settings complete: t tests them`) : piece(shown`no mail goes out`, "act")]
}

/** As `email config` answers it. */
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

/** The e-mail settings: what is wrong with them first, what is used, and where each value comes from. */
export const emailScreen = defineDetail<void, EmailInspection>({
  id: "email",
  title: "E-mail",
  tabKey: "8",
  summary: "whether mail goes out, from whom and through what; test mails",
  source: reading(
    inspectEmail,
    () => ({}),
    answer => answer,
  ),
  command: { operation: showEmailConfig, told: inForce, given: () => ({}) },
  name: verdict,
  fields: usedFields,
  sections: emailSections,
  bindings: defineBindings<Opened<EmailInspection>>([
    {
      keys: ["t"],
      label: "test",
      changes: true,
      footer: true,
      help: "send a test mail, also with settings that are not saved",
      run: ({ subject, shell }) => shell.push(trialFormScreen, subject),
    },
    {
      keys: ["e"],
      label: "edit",
      changes: true,
      footer: true,
      help: "change the settings",
      run: ({ subject, shell }) => shell.push(editScreen, editOf(subject)),
    },
  ]),
})
