import { EMAIL_DEFAULTS, EMAIL_FIELDS, type EmailField, type EmailUpdate, emailUpdate } from "../../domain/email.ts"
import { labelOf } from "../../domain/schema.ts"
import { type AuditedChange, effectsOf } from "../change.ts"
import type { Due } from "../debt.ts"
import type { Preview } from "../operation.ts"
import { type EmailState, type EmailTexts, emailStateOf, SETTING_OF } from "./email-settings.ts"
import { warningsOf } from "./email-warnings.ts"

/** The fields that would change, as their rows will hold them. */
export type EmailChange = Readonly<Partial<Record<EmailField, string>>>

/** The fields of `update` that differ from `saved`: an empty password keeps the stored one (contract, section 2). */
export const emailChange = (saved: EmailTexts, update: EmailUpdate): EmailChange =>
  Object.fromEntries(
    Object.entries(askedBy(update)).filter(([field, text]) => text !== effective(saved, field as EmailField)),
  )

/** The fields that `update` asks for, as their rows will hold them. */
function askedBy({ clear_smtp_pass, smtp_pass, ...update }: EmailUpdate): EmailChange {
  const wanted = { ...update, smtp_pass: clear_smtp_pass ? "" : smtp_pass || undefined }
  const texts = EMAIL_FIELDS.map(field => [field, wanted[field]?.toString()] as const)
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined))
}

/** The whole keys of the settings that `update` asks for. */
export const settingsAskedBy = (update: EmailUpdate): string[] => Object.keys(rowsOf(askedBy(update)))

/** Effective value: a default where the database has none. */
const effective = (saved: EmailTexts, field: EmailField) => saved[field] || String(EMAIL_DEFAULTS[field])

/** Returns the rows of `platform_settings` for `change`. */
export const rowsOf = (change: EmailChange) =>
  Object.fromEntries(Object.entries(change).map(([field, text]) => [SETTING_OF[field as EmailField].key, text]))

/** The audit row `email.config_update`, with what the API's Redis has to hold. */
export function emailAudit(saved: EmailTexts, change: EmailChange, owing: readonly Due[]): AuditedChange {
  const fields = Object.keys(change) as EmailField[]
  const pick = (texts: EmailChange) => Object.fromEntries(fields.map(field => [field, shownText(field, texts[field])]))
  return {
    audit: {
      action: "email.config_update",
      target: { type: "platform_setting", id: "email" },
      metadata: {},
      before: pick(saved),
      after: pick(change),
    },
    steps: [...fields.map(field => ({ what: labelOf(emailUpdate, field) })), ...owing],
  }
}

/** Preview of `change`, with the warnings that would remain; `owed` says what Redis is owed for what is so already. */
export function previewOfEmail({ saved, provider }: EmailState, change: EmailChange, owed: readonly string[]): Preview {
  const fields = Object.keys(change) as EmailField[]
  const told = fields.map(
    field => `${labelOf(emailUpdate, field)}: ${become(field, effective(saved, field), change[field] ?? "")}`,
  )
  const { unchanged, effects } = effectsOf(told.length > 0 ? [...told, "the API reloads them at once"] : owed)
  return {
    title: "Change the e-mail settings",
    subject: [],
    effects: [
      ...effects,
      ...passwordEffects(saved, change),
      ...warningsOf(emailStateOf({ ...saved, ...change }, provider)),
    ],
    unchanged,
    needsConfirmation: !unchanged,
  }
}

/** A password is sent to the server of the same settings. */
const passwordEffects = ({ smtp_user, smtp_pass }: EmailTexts, change: EmailChange): string[] =>
  change.smtp_host && change.smtp_pass === undefined && (change.smtp_user ?? smtp_user) !== "" && smtp_pass !== ""
    ? [`the stored password is kept, and will be sent to ${change.smtp_host}`]
    : []

function become(field: EmailField, from: string, to: string): string {
  if (field !== "smtp_pass") return `${from || "none"} → ${to || "none"}`
  if (to === "") return "forgotten"
  return from === "" ? "set" : "replaced"
}

/** Audit rows contain no password. */
const shownText = (field: EmailField, text = "") => (field === "smtp_pass" && text !== "" ? "***" : text)
