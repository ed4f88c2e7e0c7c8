import type { InputToken } from "./input-tokenizer.ts"

/** Final characters after CSI, and in an application's mode after SS3. */
const LETTERS = { A: "up", B: "down", C: "right", D: "left", F: "end", H: "home" }

/** rxvt's arrows with Shift (CSI) and with Ctrl (SS3). */
const SMALL_LETTERS = { a: "up", b: "down", c: "right", d: "left" }

/** F5 does what Ctrl-R does, in browsers and here. */
const F5 = "ctrl-r"

const FUNCTION_LETTERS = { P: "f1", Q: "f2", R: "f3", S: "f4" }
/** The Linux console's, after `ESC [ [`. */
const CONSOLE_LETTERS = { A: "f1", B: "f2", C: "f3", D: "f4", E: F5 }

/** Numbers before `~`: 1 and 4 of the Linux console, screen, tmux and PuTTY, 7 and 8 of rxvt. */
const NUMBERS = {
  ...{ 1: "home", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end" },
  ...{ 11: "f1", 12: "f2", 13: "f3", 14: "f4", 15: F5, 17: "f6", 18: "f7" },
  ...{ 19: "f8", 20: "f9", 21: "f10", 23: "f11", 24: "f12" },
}

/** Bits of a modifier. */
const SHIFT = 1
const ALT = 2
const CTRL = 4
/** A sequence has one more than the bits; those above 16 are locks. */
const MODIFIERS = Array.from({ length: 15 }, (_, bits) => bits + 2)

/** Keys that are others with Ctrl or Alt, those of words; all others are the same with any modifier. */
const OF_WORDS: readonly string[] = ["left", "right", "delete"]

function modified(name: string, bits: number): string {
  if (!OF_WORDS.includes(name) || (bits & (ALT | CTRL)) === 0) return name
  return `${bits & CTRL ? "ctrl" : "alt"}-${name}`
}

/**
 * Sequences of keys and their names, as xterm, rxvt, PuTTY, the Linux console, screen and tmux send them; with another ESC
 * before it a key is pressed with Alt. Not among them is F3 with a modifier: the report of a cursor looks the same.
 */
export const KEY_SEQUENCES: ReadonlyMap<string, string> = new Map(spellings())

function* spellings(): Generator<[sequence: string, name: string]> {
  yield ["\x1b[Z", "shift-tab"]
  yield ["\x1bOM", "enter"]
  // PuTTY's End, where it is set to rxvt's keys.
  yield ["\x1bOw", "end"]
  for (const [letter, name] of Object.entries(LETTERS)) {
    for (const start of ["\x1b[", "\x1bO"]) {
      yield [start + letter, name]
      // Old terminals leave out the 1.
      for (const mod of MODIFIERS) {
        yield [`${start}1;${mod}${letter}`, modified(name, mod - 1)]
        yield [`${start}${mod}${letter}`, modified(name, mod - 1)]
      }
    }
  }
  for (const [letter, name] of Object.entries(SMALL_LETTERS)) {
    yield [`\x1b[${letter}`, name]
    yield [`\x1bO${letter}`, modified(name, CTRL)]
  }
  for (const [letter, name] of Object.entries(FUNCTION_LETTERS)) {
    yield [`\x1bO${letter}`, name]
    if (letter !== "R") for (const mod of MODIFIERS) yield [`\x1b[1;${mod}${letter}`, name]
  }
  for (const [letter, name] of Object.entries(CONSOLE_LETTERS)) yield [`\x1b[[${letter}`, name]
  for (const [number, name] of Object.entries(NUMBERS)) {
    for (const end of ["~", "$"]) yield [`\x1b[${number}${end}`, name]
    for (const end of ["^", "@"]) yield [`\x1b[${number}${end}`, modified(name, CTRL)]
    for (const mod of MODIFIERS) yield [`\x1b[${number};${mod}~`, modified(name, mod - 1)]
  }
}

/** Key by the code of its character, from terminals that were told to send that, or from tmux. */
const BY_CODE = /^\x1b\[(?:27;(\d+);(\d+)~|(\d+)(?::[\d:]*)?(?:;(\d*)(?::(\d))?)?(?:;[\d:]*)?u)$/
const RELEASED = "3"

const CONTROLS = new Map([
  ["\r", "enter"],
  ["\n", "enter"],
  ["\r\n", "enter"],
  ["\t", "tab"],
  ["\x1b", "esc"],
  ["\x7f", "backspace"],
  ["\b", "backspace"],
])

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/**
 * Returns the names of the keys in a token: a character as typed, or `enter`, `ctrl-d`, `alt-b`, `pageup`, `f1` and so
 * on. Fast typing arrives as one token (`jjjq`, `yes\r`). Replies of the terminal, and keys without a name, give none.
 */
export function keyNames(token: Exclude<InputToken, { kind: "paste" }>): string[] {
  if (token.kind === "reply") return []
  if (token.kind === "sequence") return named(sequenceName(token.sequence))
  if (token.kind === "alt") return named(altName(token.text))
  return [...graphemes.segment(token.text)].flatMap(({ segment }) => named(typedName(segment)))
}

const named = (name: string | undefined) => (name === undefined ? [] : [name])

function typedName(segment: string): string | undefined {
  const control = CONTROLS.get(segment)
  if (control !== undefined) return control
  const code = segment.codePointAt(0) as number
  if (code >= 0x20) return segment
  return code === 0 ? undefined : `ctrl-${String.fromCharCode(code + 0x60)}`
}

/** Alt with a control character is a key where terminals send it for one; Ctrl-C is always heard. */
function altName(text: string): string | undefined {
  const name = typedName(text)
  // The Linux console sends Alt with Tab for Shift-Tab.
  if (name === "tab") return "shift-tab"
  if (name === "ctrl-c") return name
  return name === text || name === "backspace" ? `alt-${name}` : undefined
}

function sequenceName(sequence: string): string | undefined {
  const name = KEY_SEQUENCES.get(sequence)
  if (name !== undefined) return name
  const withAlt = sequence.startsWith("\x1b\x1b") ? KEY_SEQUENCES.get(sequence.slice(1)) : undefined
  return withAlt === undefined ? nameByCode(sequence) : modified(withAlt, ALT)
}

function nameByCode(sequence: string): string | undefined {
  const [found, otherBits, otherCode, code = otherCode, bits = otherBits, event] = BY_CODE.exec(sequence) ?? []
  const point = Number(code)
  // Keys without a character stand in the private use area.
  if (found === undefined || event === RELEASED || point > 0x10ffff || (point >= 0xe000 && point < 0xf900))
    return undefined
  const modifiers = (Number(bits || 1) - 1) & (SHIFT | ALT | CTRL)
  const character = String.fromCodePoint(point)
  if (point === 9) return modifiers & SHIFT ? "shift-tab" : "tab"
  if (modifiers & CTRL && /^[a-z[\]\\^_]$/i.test(character)) return typedName(String.fromCharCode(point & 0x1f))
  const typed = modifiers & SHIFT ? character.toUpperCase() : character
  return modifiers & ALT ? altName(typed) : typedName(typed)
}
