import { StringDecoder } from "node:string_decoder"

// What terminals send: the forms of escape sequences, as bytes that stand in strings as latin1.

export const ESC = "\x1b"
/** Ends a reply; so does BEL. */
export const ST = "\x1b\\"
export const PASTE_BEGINS = "\x1b[200~"
export const PASTE_ENDS = "\x1b[201~"
/** Ctrl-C on its own. */
export const INTERRUPT = /^\x03+$/
/** Report of the mouse in the encoding X10: button, column and row, a byte each. */
export const OLD_REPORT = /\x1b\[M[\x20-\xff]{3}/y
/**
 * CSI or SS3; a second ESC before it is Alt. Not of ECMA-48: the Linux console has another `[` (`ESC [ [ A`), rxvt ends
 * keys with Shift in `$` (`ESC [ 3 $`).
 */
export const SEQUENCE = /\x1b\x1b?(?:\[(?:\d+\$|\[?[0-?]*[ -/]*[@-Z\\-~])|O[\d;]*[@-~])/y
/** Reply or report of the mouse behind an ESC: the Esc key, and what the terminal sends by itself. No key has such parameters. */
export const ESC_AND_REPORT = /^\x1b\x1b\[[<=>?]/
/** Beginning of a reply that is a text, OSC, DCS or APC; `ESC ]` or `ESC P` alone is Alt with that character. */
export const REPLY_BEGINS = /\x1b(?:\][\dLIl]|P[\d;<=>!$+|]|_G)/y
/** One character, as bytes of UTF-8. */
const CHARACTER = /(?:[\0-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})/
/** Character after ESC. */
export const ALT = new RegExp(`\\x1b(${CHARACTER.source})`, "y")
/** A whole read of one key. */
export const ONE_KEY = new RegExp(`^(?:\\x1b?${CHARACTER.source}|${SEQUENCE.source})$`)
/** As much of any of them as there is; ESC alone at least. */
export const BEGINNING = new RegExp(
  [
    /\x1b\[M[\x20-\xff]{0,2}/,
    /\x1b\x1b?(?:\[\[?[0-?]*[ -/]*|O[\d;]*)/,
    /\x1b[\]P_]/,
    /\x1b(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})(?![\x80-\xbf])/,
    /\x1b\x1b?/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "y",
)
/** Where a reply ends: at its terminator, or where another control character shows that it was cut off. */
export const REPLY_ENDS = /[\0-\x1f]/g

/** What `form`, which is sticky, matches at `at`. */
export const matchAt = (form: RegExp, text: string, at: number): string | undefined => {
  form.lastIndex = at
  return form.exec(text)?.[0]
}

/** Decodes UTF-8; drops a character that is not whole at the end. */
export const decoded = (bytes: string): string => new StringDecoder("utf8").write(Buffer.from(bytes, "latin1"))
