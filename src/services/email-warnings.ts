import { EMAIL_FIELDS, emailUpdate, port } from "../domain/email.ts"
import { readMailbox } from "../domain/mail-address.ts"
import { IN_CLEAR, TLS_MODES, travelsInClear } from "../domain/mail-step.ts"
import { labelOf } from "../domain/schema.ts"
import { type EmailStanding, SETTING_OF, valuesOf } from "./email-settings.ts"

/** What an operator has to know before they trust the settings, a sentence each. */
export function warningsOf({ saved, inForce, sources, provider }: EmailStanding): string[] {
  const used = provider ?? valuesOf(inForce)
  const settings = { tls_mode: used.smtp_tls_mode, user: used.smtp_user, pass: used.smtp_pass }
  return [
    ...(provider === null
      ? []
      : [
          `the platform sends through ${provider.name}, the default row of smtp_providers: what is saved here has no effect`,
        ]),
    ...EMAIL_FIELDS.filter(field => sources[field] === "env").map(
      field => `${labelOf(emailUpdate, field)}: ${SETTING_OF[field].variable} is set and wins over what is saved`,
    ),
    ...(travelsInClear(settings) ? [IN_CLEAR] : []),
    ...(used.smtp_host === "" ? ["there is no mail server: no mail goes out"] : []),
    ...(used.from === "" ? ["there is no sender: no mail goes out"] : []),
    ...(used.from !== "" && readMailbox(used.from) === undefined ? [`the sender ${used.from} is no address`] : []),
    ...(isUnread(saved.smtp_port, text => port.safeParse(text).success)
      ? [`${saved.smtp_port} is no port: 587 counts`]
      : []),
    ...(isUnread(saved.smtp_tls_mode, text => TLS_MODES.some(mode => mode === text))
      ? [`${saved.smtp_tls_mode} is no TLS mode: starttls counts`]
      : []),
  ]
}

const isUnread = (text: string, isKnown: (text: string) => boolean) => text !== "" && !isKnown(text)
