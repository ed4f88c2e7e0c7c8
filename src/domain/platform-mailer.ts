import { z } from "zod"
import { asciiAddress, readMailbox } from "./mail-address.ts"
import { IN_CLEAR, isSentInClear, type Offered, type TlsMode } from "./mail-step.ts"

/** One thing that the platform's mailer does otherwise than a test mail, and what to do about it. */
export const mailFinding = z.object({ says: z.string(), remedy: z.string() })
export type MailFinding = z.infer<typeof mailFinding>

/** Settings as the platform's mailer takes them. */
interface Mailer {
  /** The sender as it is stored. */
  readonly sender: string
  readonly host: string
  readonly user: string
  readonly tls_mode: TlsMode
}

/** The only names of a server to which Go's net/smtp sends a password in clear. */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"])

/** Contract, section 9: what is known from the settings alone. The sender may be untrusted. */
export function senderFindings(sender: string): MailFinding[] {
  const address = readMailbox(sender)?.address
  if (address === undefined || address === sender) return []
  return [
    {
      says: `the platform's mailer hands the sender to the server as it is stored: ${sender} is refused`,
      remedy: `save the address alone: ${address}`,
    },
  ]
}

/** What becomes of the platform's password without encryption; undefined where none would be sent. */
export function signInWarning(settings: Omit<Mailer, "sender"> & { readonly pass: string }): string | undefined {
  if (!isSentInClear(settings)) return undefined
  return LOCAL_HOSTS.has(settings.host) ? IN_CLEAR : "without TLS the platform signs in to localhost alone"
}

/**
 * Contract, section 9: what the platform's mailer (Go's net/smtp) would have done otherwise than a test mail to `to`.
 * `offered` is what the server said; null where it was not reached.
 */
export function mailFindings(mailer: Mailer, to: string, offered: Offered | null): MailFinding[] {
  return [...senderFindings(mailer.sender), ...(offered === null ? [] : serverFindings(mailer, to, offered))]
}

function serverFindings(mailer: Mailer, to: string, offered: Offered): MailFinding[] {
  const isUpgraded = mailer.tls_mode === "none" && offered.starttls
  return [
    ...(isUpgraded ? [UPGRADES] : unencryptedFindings(mailer, offered)),
    // Before the encryption that it upgrades to, the server says little of how to sign in.
    ...(mailer.user === "" || isUpgraded ? [] : methodFindings(offered.auth)),
    ...(offered.smtputf8 ? [] : [mailer.sender, to].flatMap(domainFindings)),
  ]
}

const UPGRADES: MailFinding = {
  says: "the server offers STARTTLS, and the platform's mailer takes it with encryption none too, and checks the certificate",
  remedy: "set encryption to starttls, and test again: that tries the certificate",
}

/** Without encryption the platform's mailer delivers, but keeps the password to itself. */
function unencryptedFindings(mailer: Mailer, { starttls }: Offered): MailFinding[] {
  if (mailer.tls_mode === "tls" || starttls) return []
  const keepsPassword = mailer.user !== "" && !LOCAL_HOSTS.has(mailer.host)
  if (mailer.tls_mode === "none") return keepsPassword ? [SIGNS_IN_ENCRYPTED] : []
  return keepsPassword ? [] : [SENDS_IN_CLEAR]
}

const ENCRYPT = "set encryption to tls, or name a port that offers STARTTLS"

const SIGNS_IN_ENCRYPTED: MailFinding = {
  says: "the platform's mailer signs in over TLS or to localhost alone: it sends no mail through this server",
  remedy: `${ENCRYPT}, or remove the user`,
}

const SENDS_IN_CLEAR: MailFinding = {
  says: "the platform's mailer does not insist on STARTTLS: it sends its mail through this server unencrypted",
  remedy: ENCRYPT,
}

function methodFindings(auth: readonly string[]): MailFinding[] {
  if (auth.length === 0 || auth.includes("PLAIN")) return []
  return [
    {
      says: `the platform's mailer signs in with PLAIN alone; this server offers ${auth.join(", ")}`,
      remedy: "allow PLAIN on the mail server, or send through another one",
    },
  ]
}

function domainFindings(mailbox: string): MailFinding[] {
  const address = readMailbox(mailbox)?.address ?? ""
  const ascii = asciiAddress(address)
  if (ascii === undefined || ascii === address) return []
  return [
    {
      says: `the platform's mailer hands over ${address} as it is written, and this server takes no such letters`,
      remedy: `write it as ${ascii}, or send through a server with SMTPUTF8`,
    },
  ]
}
