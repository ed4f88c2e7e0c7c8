import { EMAIL_FIELDS, emailUpdate } from "../../domain/email.ts"
import { readMailbox } from "../../domain/mail-address.ts"
import { senderFindings, signInWarning } from "../../domain/platform-mailer.ts"
import { labelOf } from "../../domain/schema.ts"
import { type EmailState, isPort, readPort, readTlsMode, SETTING_OF, valuesOf } from "./email-settings.ts"

/** Returns the warnings about the settings, a sentence each. */
export function warningsOf(state: EmailState): string[] {
  const { inForce, sources, provider } = state
  const used = provider ?? valuesOf(inForce)
  const { from, smtp_host, smtp_port, smtp_user: user, smtp_pass: pass, smtp_tls_mode: tls_mode } = used
  const signIn = signInWarning({ host: smtp_host, user, pass, tls_mode })
  return [
    ...(provider === null
      ? []
      : [
          `the platform sends through ${provider.name}, the default row of smtp_providers: what is saved here has no effect`,
        ]),
    ...EMAIL_FIELDS.filter(field => sources[field] === "env").map(
      field => `${labelOf(emailUpdate, field)}: ${SETTING_OF[field].variable} is set and overrides what is saved`,
    ),
    ...(signIn === undefined ? [] : [`${signIn}: the TLS mode is none`]),
    ...(smtp_host === "" ? ["there is no mail server: no mail is sent"] : []),
    ...(from === "" ? ["there is no sender: no mail is sent"] : []),
    ...(from !== "" && readMailbox(from) === undefined ? [`the sender ${from} is not an address`] : []),
    ...senderFindings(from).map(({ says, remedy }) => `${says}; ${remedy}`),
    ...(isPort(smtp_port) ? [] : [`${smtp_port} is not a port, 1 to 65535: no mail is sent`]),
    ...(provider === null ? unreadWarnings(state) : []),
  ]
}

/** Values that the platform cannot read. */
function unreadWarnings({ inForce: { smtp_port, smtp_tls_mode } }: EmailState): string[] {
  return [
    ...(isUnread(smtp_port, readPort) ? [`${smtp_port} is not a port: 587 is used`] : []),
    ...(isUnread(smtp_tls_mode, readTlsMode) ? [`${smtp_tls_mode} is no TLS mode: no mail is sent`] : []),
  ]
}

const isUnread = (text: string, read: (text: string) => unknown) => text !== "" && read(text) === undefined
