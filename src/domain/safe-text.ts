import textWidth from "./text-width.ts"

declare const brand: unique symbol

/** Text that is safe to display: the only kind that tables, widgets and error printers accept. */
export type Shown = string & { readonly [brand]: "Shown" }

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/**
 * Characters that are escaped rather than printed: controls, format characters, surrogates, private use, unassigned
 * (`\p{C}`), line separators, characters that look like nothing or like a plain space; and those whose width differs
 * between terminals: emoji with selectors, skin tones or joiners, keycaps, flags, spacing marks, Hangul that is not
 * composed, and signs that changed their width or came with the last versions of Unicode.
 */
const UNCLEAR = [
  String.raw`\p{C}\p{Zl}\p{Zp}[\p{Zs}--[\x20\u3000]]\p{Default_Ignorable_Code_Point}`,
  String.raw`\p{Emoji_Modifier}\p{Regional_Indicator}\p{Me}\p{Mc}\u0e33\u0eb3\uff9e\uff9f`,
  String.raw`\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\u{16d63}-\u{16d6a}`,
  String.raw`\u2630-\u2637\u268a-\u268f\u3248-\u324f\u{1d300}-\u{1d376}\u{1f6d8}\u{1f6dc}\u{1fa70}-\u{1faff}`,
].join("")

/** Accents: marks that take no column in any terminal. Those of Indic scripts join letters, so widths differ there. */
const MARK = String.raw`[[\p{Mn}&&[\p{sc=Inherited}\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Thai}\p{sc=Lao}]]--[${UNCLEAR}]]`
const BASE = String.raw`[[\p{L}\p{N}\p{P}\p{S}]--[${UNCLEAR}]]`

/** Anything unclear, other marks, and marks without a base or beyond three on one base. */
const ESCAPED = new RegExp(String.raw`[${UNCLEAR}[\p{Mn}--${MARK}]]|(?<!${BASE}${MARK}{0,2})${MARK}`, "gv")

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

function escaped(character: string): string {
  const code = character.codePointAt(0) as number
  const hex = code.toString(16)
  if (code < 0x100) return NAMED[character] ?? `\\x${hex.padStart(2, "0")}`
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`
}

/**
 * Makes untrusted text safe to print. At most `maxBytes` of its UTF-8 are kept, and a cut says how much it left out;
 * characters that would be invisible or control the terminal are escaped as `\n`, `\x1b`, `\u202e` or `\u{e0041}`.
 * Plain letters of any script, accents and single emoji stay.
 */
export function show(raw: string, maxBytes = 4096): Shown {
  if (raw.length <= maxBytes && PRINTABLE_ASCII.test(raw)) return raw as Shown
  const { head, left } = cap(raw, maxBytes)
  const text = head.replace(ESCAPED, escaped)
  return (left === 0 ? text : `${text}… (${left} bytes more)`) as Shown
}

/** Returns the longest head of `raw` within `maxBytes` of UTF-8, and the number of bytes left out. */
function cap(raw: string, maxBytes: number): { head: string; left: number } {
  if (raw.length * 3 <= maxBytes) return { head: raw, left: 0 }
  const { read, written } = new TextEncoder().encodeInto(raw, new Uint8Array(maxBytes))
  if (read === raw.length) return { head: raw, left: 0 }
  return { head: raw.slice(0, read), left: Buffer.byteLength(raw) - written }
}

/** Joins text that is safe already: the literal parts are the program's own, every value is `Shown` or a number. */
export function shown(parts: TemplateStringsArray, ...values: (Shown | number)[]): Shown {
  return String.raw({ raw: parts }, ...values) as Shown
}

/** Returns the width of `text` in terminal columns. */
export function width(text: Shown): number {
  return PRINTABLE_ASCII.test(text) ? text.length : textWidth(text)
}

/** Returns `text` in exactly `columns` columns: cut with "…" or padded. */
export function fit(text: Shown, columns: number, align: "left" | "right" = "left"): Shown {
  if (columns <= 0) return "" as Shown
  const cut = PRINTABLE_ASCII.test(text) ? text.slice(0, columns) : head(text, columns)
  const whole = cut.length === text.length
  const kept = whole ? cut : `${head(cut as Shown, columns - 1)}…`
  const padding = " ".repeat(columns - width(kept as Shown))
  return (align === "left" ? kept + padding : padding + kept) as Shown
}

/** Returns `text` in at most `columns` columns: both ends, with "…" for the middle where it is cut. The end has the larger half. */
export function withoutMiddle(text: Shown, columns: number): Shown {
  if (width(text) <= columns) return text
  const first = head(text, Math.floor((columns - 1) / 2))
  const room = columns - 1 - width(first as Shown)
  const characters = [...text]
  let start = characters.length
  let taken = 0
  while (start > 0) {
    taken += textWidth(characters[start - 1] as string)
    if (taken > room) break
    start--
  }
  // A mark without its base would stand on the "…".
  while (start < characters.length && textWidth(characters[start] as string) === 0) start++
  return (room <= 0 ? fit(text, columns) : `${first}…${characters.slice(start).join("")}`) as Shown
}

/** Returns the longest head of `text` that takes at most `columns`; marks stay with their base. */
function head(text: Shown, columns: number): string {
  let taken = 0
  let end = 0
  for (const character of text) {
    taken += character <= "~" ? 1 : textWidth(character)
    if (taken > columns) break
    end += character.length
  }
  return text.slice(0, end)
}
