import { domainToASCII } from "node:url"

/** An address with its display name, which may be empty. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

/**
 * A word of RFC 5322's dot-atom, which allows neither spaces nor quotes, lists, groups or line breaks; letters of all
 * scripts, as in RFC 6531.
 */
const ATOM = "[\\w!#$%&'*+/=?^`{|}~\\p{L}\\p{M}\\p{N}-]+"
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
const LOCAL_PART = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, "u")
/** The last label begins with a letter: `0` and `0x7f` would be read as numeric addresses. */
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)*(?=[A-Za-z])${LABEL}$`)
const ASCII = /^[\x21-\x7e]*$/

/** Whether `text` is exactly one plain address within RFC 5321's lengths, so that a mail has one recipient. */
export const isMailAddress = (text: string): boolean => asciiAddress(text) !== undefined

/** Returns the address with its domain as mail servers know it (`xn--...`); undefined for anything but one address. */
export function asciiAddress(text: string): string | undefined {
  const at = text.lastIndexOf("@")
  const [local, domain] = [text.slice(0, at), asciiDomain(text.slice(at + 1))]
  const address = `${local}@${domain}`
  const isOne = at > 0 && at <= 64 && LOCAL_PART.test(local) && domain !== undefined && address.length <= 254
  return isOne ? address : undefined
}

/** Whether the letters before the `@` need a server with SMTPUTF8. */
export const needsSmtpUtf8 = (address: string): boolean => !ASCII.test(address.slice(0, address.lastIndexOf("@")))

function asciiDomain(domain: string): string | undefined {
  if (ASCII.test(domain)) return DOMAIN.test(domain) ? domain : undefined
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return undefined
  const ascii = domainToASCII(domain)
  return DOMAIN.test(ascii) ? ascii : undefined
}

/** Parses `ops@example.com` or `Operations <ops@example.com>`, the name quoted or not; else undefined. */
export function readMailbox(text: string): Mailbox | undefined {
  const [, name = "", angled, plain] = /^\s*(?:([^<>]*)<([^<>]*)>|([^<>]*))\s*$/.exec(text) ?? []
  const address = (angled ?? plain ?? "").trim()
  if (!isMailAddress(address) || /\p{Cc}|\p{Zl}|\p{Zp}/u.test(text)) return undefined
  return { name: unquoted(name.trim()), address }
}

const unquoted = (name: string) =>
  /^".*"$/.test(name) && name.length > 1 ? name.slice(1, -1).replace(/\\(.)/g, "$1") : name
