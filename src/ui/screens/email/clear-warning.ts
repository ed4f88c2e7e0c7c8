import type { EmailFields, EmailPatch } from "../../../domain/email.ts"
import { IN_CLEAR, isSentInClear } from "../../../domain/mail-step.ts"

/** Returns the warnings about settings in a form that replace `stored`. */
export const warningsOn =
  (stored: EmailFields) =>
  (filled: EmailPatch): Readonly<Record<string, string>> => {
    const { smtp_tls_mode = stored.smtp_tls_mode, smtp_user = "", smtp_pass, clear_smtp_pass } = filled
    const pass = clear_smtp_pass ? "" : smtp_pass || stored.smtp_pass
    return isSentInClear({ tls_mode: smtp_tls_mode, user: smtp_user, pass }) ? { smtp_tls_mode: `▲ ${IN_CLEAR}` } : {}
  }
