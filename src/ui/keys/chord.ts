import { KEY_SEQUENCES } from "../terminal/key-names.ts"

/**
 * A key press by name: a character as typed (`j`, `G`, `/`), or `enter`, `esc`, `ctrl-d`, `alt-b`, `shift-tab`, `pageup`,
 * `f1` and so on (`terminal/key-names`).
 */
export type Chord = string

const NAMED = new Set([...KEY_SEQUENCES.values(), "tab", "esc", "backspace", "alt-backspace"])

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** Letters that arrive as other keys when they are pressed with Ctrl. */
const HIDDEN_BY_CTRL = "hijm"

/**
 * Parses a chord as written by users: `x`, `space`, `ctrl-x`, `alt-x`, `pagedown`, `f2`; undefined for what terminals do
 * not send.
 */
export function chordOf(text: string): Chord | undefined {
  if (text === "space") return " "
  if (NAMED.has(text)) return text
  const letter = /^ctrl-([a-z])$/.exec(text)?.[1]
  if (letter !== undefined) return HIDDEN_BY_CTRL.includes(letter) ? undefined : text
  const typed = text.startsWith("alt-") ? text.slice(4) : text
  return isText(typed) && !/[\p{C}\p{Z}]/u.test(typed) ? text : undefined
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

/** Label of a chord in footers and help: `^S`, `Alt-b`, `Esc`, `F2`, `G`. */
export function chordLabel(chord: Chord): string {
  const [, modifier, key = chord] = /^(ctrl|alt)-(.+)$/s.exec(chord) ?? []
  if (modifier === "ctrl" && key.length === 1) return `^${key.toUpperCase()}`
  const label = SHOWN_NAMES[key] ?? (/^f\d+$/.test(key) ? key.toUpperCase() : key)
  return modifier === undefined ? label : `${modifier === "ctrl" ? "Ctrl" : "Alt"}-${label}`
}
