import { z } from "zod"
import { reason, text, wholeNumber } from "./fields.ts"
import { isMailAddress, readMailbox } from "./mail-address.ts"
import { TLS_MODES } from "./mail-step.ts"
import { mailFinding } from "./platform-mailer.ts"

/** Source of a value: a variable of the API's environment, the database, or none. */
const SOURCES = ["env", "db", "none"] as const
export type Source = (typeof SOURCES)[number]

/** Contract, section 2: `email status`. */
export const emailStatus = z.object({
  /** Whether there is a sender; without one the platform sends nothing. */
  configured: z.boolean(),
  from: z.string().nullable(),
  source: z.enum(SOURCES),
})
export type EmailStatus = z.infer<typeof emailStatus>

/**
 * The settings by the contract's names, in the order of the form; the password as a mark, which tells it from another
 * one and reveals nothing about it.
 */
const emailFields = z.object({
  from: z.string(),
  smtp_host: z.string(),
  smtp_port: z.number(),
  smtp_user: z.string(),
  smtp_pass: z.string(),
  smtp_tls_mode: z.enum(TLS_MODES),
})
export type EmailFields = z.infer<typeof emailFields>
export type EmailField = keyof EmailFields

export const EMAIL_FIELDS = Object.keys(emailFields.shape) as EmailField[]

const { smtp_pass: _, smtp_tls_mode, ...others } = emailFields.shape
/** Contract, section 2: `email config`, the effective settings as far as this host can see; never the password itself. */
export const emailConfig = z.object({ ...others, smtp_pass_set: z.boolean(), smtp_tls_mode })

/** Defaults of the settings (contract, section 3). */
export const EMAIL_DEFAULTS = {
  from: "",
  smtp_host: "",
  smtp_port: 587,
  smtp_user: "",
  smtp_pass: "",
  smtp_tls_mode: "starttls",
} as const

export const port = wholeNumber(1, 65_535, "a port")

const line = text.trim().refine(value => !/\p{Cc}/u.test(value), "must not contain control characters")

/** Empty text clears a field; an empty password keeps the stored one (contract, section 2). */
const fields = z.object({
  from: line
    .refine(value => value === "" || readMailbox(value) !== undefined, "must be an address, like no-reply@example.com")
    .optional()
    .meta({ label: "sender", placeholder: "ADDRESS" }),
  smtp_host: line
    .refine(value => /^[\w.:-]{0,253}$/.test(value), "must be a host's name or an address, like smtp.example.com")
    .optional()
    .meta({ label: "mail server", placeholder: "HOST" }),
  smtp_port: port.optional().meta({ label: "port" }),
  smtp_user: line.optional().meta({ label: "user", placeholder: "NAME" }),
  smtp_pass: text.optional().meta({ label: "password", secret: true, variable: "OPSDECK_SMTP_PASS" }),
  smtp_tls_mode: z
    .enum(TLS_MODES, `must be one of ${TLS_MODES.join(", ")}`)
    .optional()
    .meta({ label: "encryption" }),
  clear_smtp_pass: z.boolean().optional().meta({ label: "delete the stored password" }),
})

/** Settings to change; `undefined` ones stay. */
export type EmailPatch = z.output<typeof fields>

const ONE_OF_TWO = "a new password and clearing it are mutually exclusive"

/** The input of `email set`. */
export const emailUpdate = z
  .object({ ...fields.shape, reason })
  .refine(
    ({ reason: _reason, smtp_pass, clear_smtp_pass, ...rest }) =>
      Boolean(smtp_pass) || clear_smtp_pass || Object.values(rest).some(value => value !== undefined),
    `nothing to change: specify at least one of ${Object.keys(fields.shape).join(", ")}`,
  )
  .refine(({ smtp_pass, clear_smtp_pass }) => !(smtp_pass && clear_smtp_pass), {
    error: ONE_OF_TWO,
    path: ["clear_smtp_pass"],
  })
export type EmailUpdate = z.output<typeof emailUpdate>

const to = z
  .string()
  .refine(isMailAddress, "must be one plain address, like ops@example.com")
  .meta({ label: "recipient of the mail", placeholder: "ADDRESS" })

/** The input of `email test`. */
export const emailTest = z.object({ to, reason })

/** Input of a test with typed settings that are not saved yet. */
export const emailTrial = z.object({ to, ...fields.shape })
export type EmailTrial = z.output<typeof emailTrial>

/** Contract, section 2: `email test`. */
export const emailTestAnswer = z.object({
  /** The address, where the server accepted the mail for it. */
  accepted: z.array(z.string()),
  /** The address, where it rejected that. */
  rejected: z.array(z.string()),
  /** The server's last reply. */
  response: z.string(),
  duration_ms: z.number(),
  tls: z.boolean(),
  /** `settings`, or the name of the default row of `smtp_providers`. */
  via: z.string(),
  /** What the platform's mailer would have done otherwise (contract, section 9). */
  findings: z.array(mailFinding),
})
export type EmailTestAnswer = z.infer<typeof emailTestAnswer>

/** Settings as shown before and during editing. No command prints it. */
export const emailInspection = z.object({
  status: emailStatus,
  /** Values of the database, with defaults for missing ones: for a form and for detecting conflicts. */
  saved: emailFields,
  /** Effective settings as far as this host can see, and the source of each field; none for a default. */
  in_force: emailFields,
  sources: z.record(emailFields.keyof(), z.enum(SOURCES)),
  /** The default row of `smtp_providers`, which the platform uses instead of the settings; null where there is none. */
  provider: z.object({ name: z.string(), ...emailFields.shape }).nullable(),
  /** Warnings, a sentence each; untrusted values are quoted as they are. */
  warnings: z.array(z.string()),
})
export type EmailInspection = z.infer<typeof emailInspection>
