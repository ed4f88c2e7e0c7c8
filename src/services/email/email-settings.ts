import { createHmac, randomBytes } from "node:crypto"
import type { Kysely } from "kysely"
import { readSettings } from "../../adapters/postgres/settings.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { tablesExist } from "../../adapters/postgres/tables-exist.ts"
import {
  EMAIL_DEFAULTS,
  EMAIL_FIELDS,
  type EmailField,
  type EmailFields,
  port,
  type Source,
} from "../../domain/email.ts"
import { TLS_MODES, type TlsMode } from "../../domain/mail-step.ts"

/** Contract, section 3: the setting of each field, and the variable of the API's environment that overrides it. */
export const SETTING_OF = {
  from: { key: "email.from", variable: "ARKLOOP_EMAIL_FROM" },
  smtp_host: { key: "email.smtp_host", variable: "ARKLOOP_SMTP_HOST" },
  smtp_port: { key: "email.smtp_port", variable: "ARKLOOP_SMTP_PORT" },
  smtp_user: { key: "email.smtp_user", variable: "ARKLOOP_SMTP_USER" },
  smtp_pass: { key: "email.smtp_pass", variable: "ARKLOOP_SMTP_PASS" },
  smtp_tls_mode: { key: "email.smtp_tls_mode", variable: "ARKLOOP_SMTP_TLS_MODE" },
} as const satisfies Record<EmailField, { key: string; variable: string }>

/** The settings as text, as in rows and variables; empty where there is none. */
export type EmailTexts = Readonly<Record<EmailField, string>>

/** The effective settings, with the password itself; defaults replace missing or unreadable ones. */
export type EmailValues = Readonly<EmailFields>

/** The default row of `smtp_providers`, which the platform uses instead of the settings. */
export type Provider = EmailValues & { readonly name: string }

/** The settings from all sources. */
export interface EmailState {
  readonly saved: EmailTexts
  readonly inForce: EmailTexts
  readonly sources: Readonly<Record<EmailField, Source>>
  readonly provider: Provider | null
}

export async function readEmailState(db: Kysely<Tables>): Promise<EmailState> {
  return emailStateOf(await savedEmail(db), await defaultProvider(db))
}

/** Returns the state after a change of `saved`. The platform takes variables and rows without blanks around them. */
export function emailStateOf(saved: EmailTexts, provider: Provider | null): EmailState {
  const variables = textsBy(field => process.env[SETTING_OF[field].variable]?.trim() ?? "")
  const inForce = textsBy(field => variables[field] || saved[field].trim())
  const sourceOf = (field: EmailField): Source => {
    if (variables[field] !== "") return "env"
    return saved[field] === "" ? "none" : "db"
  }
  return { saved, inForce, sources: fromFields(sourceOf), provider }
}

async function savedEmail(db: Kysely<Tables>): Promise<EmailTexts> {
  const rows = await readSettings(db, "email.")
  return textsBy(field => rows.get(SETTING_OF[field].key) ?? "")
}

export function valuesOf(texts: EmailTexts): EmailValues {
  return {
    ...texts,
    smtp_port: readPort(texts.smtp_port) ?? EMAIL_DEFAULTS.smtp_port,
    smtp_tls_mode: readTlsMode(texts.smtp_tls_mode) ?? EMAIL_DEFAULTS.smtp_tls_mode,
  }
}

/** Parses a port as the platform does: any whole number, though it refuses one out of range; undefined for no number. */
export const readPort = (text: string): number | undefined =>
  /^[+-]?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined

export const isPort = (number: number): boolean => port.safeParse(number).success

/** Parses a TLS mode, in any case; undefined for another word, with which the platform sends no mail. */
export const readTlsMode = (text: string): TlsMode | undefined =>
  TLS_MODES.find(mode => mode === text.trim().toLowerCase())

/** Replaces the password by its mark. */
export const withMark = <Values extends EmailValues>(values: Values): Values => ({
  ...values,
  smtp_pass: markOf(values.smtp_pass),
})

/** Random in every process, so that passwords cannot be guessed from a mark. */
const markKey = randomBytes(32)

/** Returns a mark that differs between passwords and reveals nothing about them; empty for none. */
export const markOf = (pass: string) =>
  pass === "" ? "" : `*** ${createHmac("sha256", markKey).update(pass).digest("hex").slice(0, 8)}`

async function defaultProvider(db: Kysely<Tables>): Promise<Provider | null> {
  if (!(await tablesExist(db, "smtp_providers"))) return null
  const row = await db
    .selectFrom("smtp_providers")
    .select(["name", "from_addr", "smtp_host", "smtp_port", "smtp_user", "smtp_pass", "tls_mode"])
    .where("is_default", "=", true)
    .orderBy("updated_at", "desc")
    .limit(1)
    .executeTakeFirst()
  // Without a sender the platform falls back to the settings.
  if (row === undefined || !row.from_addr?.trim()) return null
  return {
    name: row.name ?? "",
    from: row.from_addr,
    smtp_host: row.smtp_host,
    smtp_port: row.smtp_port,
    smtp_user: row.smtp_user ?? "",
    smtp_pass: row.smtp_pass,
    smtp_tls_mode: readTlsMode(row.tls_mode) ?? EMAIL_DEFAULTS.smtp_tls_mode,
  }
}

const textsBy = (textOf: (field: EmailField) => string): EmailTexts => fromFields(textOf)

const fromFields = <Value>(of: (field: EmailField) => Value) =>
  Object.fromEntries(EMAIL_FIELDS.map(field => [field, of(field)])) as Record<EmailField, Value>
