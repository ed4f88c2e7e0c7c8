import { EMAIL_FIELDS, emailUpdate } from "../../domain/email.ts"
import { readMailbox } from "../../domain/mail-address.ts"
import { IN_CLEAR, isSentInClear } from "../../domain/mail-step.ts"
import { labelOf } from "../../domain/schema.ts"
import { type EmailState, readPort, readTlsMode, SETTING_OF, valuesOf } from "./email-settings.ts"

/** Returns the warnings about the settings, a sentence each. */
export function warningsOf({ inForce, sources, provider }: EmailState): string[] {
  const used = provider ?? valuesOf(inForce)
  const settings = { tls_mode: used.smtp_tls_mode, user: used.smtp_user, pass: used.smtp_pass }
  return [
    ...(provider === null
      ? []
      : [
          `the platform sends through ${provider.name}, the default row of smtp_providers: what is saved here has no effect`,
        ]),
    ...EMAIL_FIELDS.filter(field => sources[field] === "env").map(
      field => `${labelOf(emailUpdate, field)}: ${SETTING_OF[field].variable} is set and overrides what is saved`,
    ),
    ...(isSentInClear(settings) ? [IN_CLEAR] : []),
    ...(used.smtp_host === "" ? ["there is no mail server: no mail is sent"] : []),
    ...(used.from === "" ? ["there is no sender: no mail is sent"] : []),
    ...(used.from !== "" && readMailbox(used.from) === undefined ? [`the sender ${used.from} is not an address`] : []),
    ...(isUnread(inForce.smtp_port, readPort) ? [`${inForce.smtp_port} is not a port: 587 is used`] : []),
    ...(isUnread(inForce.smtp_tls_mode, readTlsMode)
      ? [`${inForce.smtp_tls_mode} is no TLS mode: starttls counts`]
      : []),
  ]
}

const isUnread = (text: string, read: (text: string) => unknown) => text !== "" && read(text) === undefined
