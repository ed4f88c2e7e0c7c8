import type { Key } from "ink"

/**
 * A key press by name: a character as typed (`j`, `G`, `/`), or `enter`, `esc`, `ctrl-d`, `shift-tab`, `pageup` and so
 * on.
 */
export type Chord = string

const NAMED: readonly (readonly [keyof Key, Chord])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["backspace", "backspace"],
  ["delete", "delete"],
]

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/**
 * Returns the chords in one event of Ink's `useInput`. Fast typing arrives as one event (`jjjq`, `yes\r`), so there may
 * be many; Esc followed at once by a key arrives as Alt with that key and is split into the two.
 */
export function chords(input: string, key: Key): Chord[] {
  const named = NAMED.find(([flag]) => key[flag])
  if (named) return [named[1]]
  if (key.tab) return [key.shift ? "shift-tab" : "tab"]
  if (key.escape) return ["esc"]
  if (key.ctrl) return [`ctrl-${input.toLowerCase()}`]
  const typed = [...graphemes.segment(input)].flatMap(({ segment }) => typedChord(segment))
  return key.meta ? ["esc", ...typed] : typed
}

function typedChord(segment: string): Chord[] {
  if (segment === "\r\n") return ["enter"]
  const code = segment.codePointAt(0) as number
  if (code >= 0x20 && code !== 0x7f) return [segment]
  if (segment === "\r" || segment === "\n") return ["enter"]
  if (segment === "\t") return ["tab"]
  if (segment === "\x1b") return ["esc"]
  if (code === 0x7f || code === 8) return ["backspace"]
  return code === 0 ? [] : [`ctrl-${String.fromCharCode(code + 0x60)}`]
}

/** Letters that arrive as other keys when they are pressed with Ctrl. */
const HIDDEN_BY_CTRL = "hijm"

/** Parses a chord as written by users: `x`, `space`, `ctrl-x`, `pagedown`; undefined for what terminals do not send. */
export function chordOf(text: string): Chord | undefined {
  if (text === "space") return " "
  if (text === "shift-tab" || text === "tab" || text === "esc") return text
  if (NAMED.some(([, chord]) => chord === text)) return text
  const letter = /^ctrl-([a-z])$/.exec(text)?.[1]
  if (letter !== undefined) return HIDDEN_BY_CTRL.includes(letter) ? undefined : text
  return isText(text) && !/[\p{C}\p{Z}]/u.test(text) ? text : undefined
}

/** Whether a chord is text for a field. */
export const isText = (chord: Chord): boolean => [...graphemes.segment(chord)].length === 1

const SHOWN_NAMES: Record<string, string> = {
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  pageup: "PgUp",
  pagedown: "PgDn",
  home: "Home",
  end: "End",
  enter: "Enter",
  esc: "Esc",
  tab: "Tab",
  "shift-tab": "Shift-Tab",
  backspace: "Backspace",
  delete: "Delete",
  " ": "Space",
}

/** Label of a chord in footers and help: `^S`, `Esc`, `G`. */
export function chordLabel(chord: Chord): string {
  if (chord.startsWith("ctrl-")) return `^${chord.slice(5).toUpperCase()}`
  return SHOWN_NAMES[chord] ?? chord
}
