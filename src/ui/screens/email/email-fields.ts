import {
  EMAIL_FIELDS,
  type EmailField,
  type EmailFields,
  type EmailInspection,
  type EmailPatch,
  emailUpdate,
  type Source,
} from "../../../domain/email.ts"
import { IN_CLEAR, isSentInClear } from "../../../domain/mail-step.ts"
import { senderFindings, signInWarning } from "../../../domain/platform-mailer.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import type { Field } from "../../kit/detail/detail-fields.ts"
import { type Section, tableSection } from "../../kit/detail/detail-section.ts"
import { NONE } from "../../widgets/cells.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { actionSection } from "../shared/audit-section.ts"

/** Fields of the settings form, in order. */
export const TYPED_FIELDS = [...EMAIL_FIELDS, "clear_smtp_pass"] as const

/** Returns the notes behind the fields. */
export const notesOf = ({ smtp_pass }: EmailFields) => ({
  from: "an address alone: no-reply@example.com",
  smtp_pass: smtp_pass === "" ? "none is set" : "one is set; empty keeps it",
})

type Warnings = Readonly<Record<string, string>>

/** Returns the warnings about settings in a form that replace `stored`, as the platform's mailer takes them. */
export const warningsOn =
  (stored: EmailFields) =>
  (filled: EmailPatch): Warnings => {
    const { from = stored.from, smtp_host: host = stored.smtp_host } = filled
    const signIn = signInWarning({ ...signInOf(stored, filled), host })
    return {
      ...(signIn !== undefined && { smtp_tls_mode: `▲ ${signIn}` }),
      ...(senderFindings(from).length > 0 && { from: "▲ the platform's mailer takes an address alone" }),
    }
  }

/** The same for a test mail, which sends the password whatever the platform's mailer does. */
export const trialWarningsOn =
  (stored: EmailFields) =>
  (filled: EmailPatch): Warnings => ({
    ...warningsOn(stored)(filled),
    ...(isSentInClear(signInOf(stored, filled)) && { smtp_tls_mode: `▲ ${IN_CLEAR}` }),
  })

function signInOf(stored: EmailFields, filled: EmailPatch) {
  const { smtp_tls_mode: tls_mode = stored.smtp_tls_mode, smtp_user: user = "", smtp_pass, clear_smtp_pass } = filled
  return { tls_mode, user, pass: clear_smtp_pass ? "" : smtp_pass || stored.smtp_pass }
}

/** Most bytes of a value, so that the other fields and warnings stay visible. */
const VALUE_BYTES = 256

/** Tells of a password only whether it is set. */
const passText = (pass: string): Shown => (pass === "" ? shown`not set` : shown`set`)

const valueText = (field: EmailField, values: EmailFields): Shown =>
  field === "smtp_pass" ? passText(values.smtp_pass) : show(String(values[field]), VALUE_BYTES)

/** Returns the fields: every warning first, then the settings the platform sends with. */
export function usedFields({ warnings, provider, in_force }: EmailInspection): Field[] {
  const { from, smtp_host, smtp_port, smtp_user, smtp_pass, smtp_tls_mode } = provider ?? in_force
  const server = shown`${show(smtp_host, VALUE_BYTES)}:${smtp_port}, encryption ${show(smtp_tls_mode)}`
  return [
    ...warnings.map(
      (text): Field => ({
        label: shown`▲ look at this`,
        value: show(text, VALUE_BYTES),
        tone: "look",
        alone: true,
      }),
    ),
    ...(provider === null
      ? []
      : [
          {
            label: shown`provider`,
            value: shown`${show(provider.name, VALUE_BYTES)}, the default row of smtp_providers`,
            alone: true,
          },
        ]),
    { label: shown`sends from`, value: show(from, VALUE_BYTES), alone: true },
    { label: shown`through`, value: smtp_host === "" ? shown`` : server, alone: true },
    {
      label: shown`signs in`,
      value: smtp_user === "" ? shown`no` : shown`as ${show(smtp_user, VALUE_BYTES)}, password ${passText(smtp_pass)}`,
      alone: true,
    },
  ]
}

type Row = ReturnType<typeof rowsOf>[number]

function rowsOf({ saved, in_force, sources }: EmailInspection) {
  return EMAIL_FIELDS.map(field => ({
    field,
    inForce: valueText(field, in_force),
    source: sources[field],
    /** Saved value, empty where it is in force. */
    saved: saved[field] === in_force[field] ? shown`` : savedText(field, saved, in_force),
  }))
}

const savedText = (field: EmailField, saved: EmailFields, inForce: EmailFields): Shown =>
  field === "smtp_pass" && saved.smtp_pass !== "" && inForce.smtp_pass !== ""
    ? shown`another one`
    : valueText(field, saved) || shown`nothing`

/** Draws the value in force, dim where it is a default. */
function inForcePiece({ inForce, source }: Row): Piece {
  if (inForce === "") return NONE
  return piece(inForce, source === "none" ? "dim" : "plain")
}

const SOURCE_WORDS: Readonly<Record<Source, Piece>> = {
  env: piece(shown`env`, "look"),
  db: piece(shown`db`),
  none: piece(shown`none`, "dim"),
}

export const emailSections: readonly Section<EmailInspection>[] = [
  tableSection<EmailInspection, Row>({
    heading: shown`Settings`,
    source: rowsOf,
    empty: shown`none`,
    rowKey: row => row.field,
    columns: [
      { header: shown`setting`, width: 11, cell: row => piece(show(labelOf(emailUpdate, row.field)), "dim") },
      { header: shown`in force`, width: 22, roomy: 48, cell: inForcePiece },
      { header: shown`from`, width: 5, cell: row => SOURCE_WORDS[row.source] },
      { header: shown`saved`, width: "rest", roomy: 16, cell: row => piece(row.saved, "look") },
    ],
  }),
  actionSection("email.config_update"),
]
