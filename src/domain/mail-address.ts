/** An address with its display name, which may be empty. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

/** A word of RFC 5322's dot-atom, which allows neither spaces nor quotes, lists, groups or line breaks. */
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
/** The last label begins with a letter: `0` and `0x7f` would be read as numeric addresses. */
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)*(?=[A-Za-z])${LABEL}$`)

/** Whether `text` is exactly one plain address within RFC 5321's lengths, so that a mail has one recipient. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && text.indexOf("@") <= 64 && ADDRESS.test(text)
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
