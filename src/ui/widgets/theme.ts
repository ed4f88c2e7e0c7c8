import { styleText } from "node:util"
import type { Colour } from "../../config/settings.ts"
import type { Shown } from "../../domain/safe-text.ts"
import { ValueStore } from "../../domain/store.ts"
import { CURSOR_CELL } from "../terminal/cursor.ts"

/**
 * Meaning of a piece of text, independent of its style: `good` is fine, `look` needs attention, `act` needs action,
 * `key` can be pressed, `dim` is context, `bar` is the selected bar of a chart, `badge` is the environment.
 */
export type ThemedTone = "plain" | "strong" | "dim" | "good" | "look" | "act" | "key" | "selected" | "bar" | Badge
/** `cursor` is the cell where one types, which no theme changes. */
export type Tone = ThemedTone | "cursor"
export type Badge = "badge" | `badge-${Colour}`

/** Name of a style, as in `styleText` of node:util. */
export type StyleName = Extract<Parameters<typeof styleText>[0], string>
/** Named styles, and colours as numbers among the 256 of terminals: `ink` of the text, `paper` behind it. */
export interface Style {
  readonly names?: readonly StyleName[]
  readonly ink?: number
  readonly paper?: number
}
export type Theme = Readonly<Record<ThemedTone, Style>>

const marks = new Map<Tone, readonly [before: string, after: string]>()

/** Theme of the whole console; undefined before it is set. */
export const theme = new ValueStore<Theme | undefined>(undefined)

/** Replaces the theme of the whole console. */
export function setTheme(next: Theme): void {
  for (const [tone, style] of Object.entries(next)) marks.set(tone as Tone, marksOf(style))
  marks.set("cursor", isStyled() ? CURSOR_CELL : ["", ""])
  theme.set(next)
}

const isStyled = () => process.stdout.isTTY && process.env.TERM !== "dumb"

/** Returns the escape sequences before and after a text; empty where the output is no terminal with styles. */
function marksOf({ names = [], ink, paper }: Style): readonly [before: string, after: string] {
  if (!isStyled()) return ["", ""]
  const named = names.length === 0 ? ["", ""] : styleText([...names], "\n", { validateStream: false }).split("\n")
  const [before, after] = named as [string, string]
  const coloured = [ink === undefined ? "" : `\x1b[38;5;${ink}m`, paper === undefined ? "" : `\x1b[48;5;${paper}m`]
  const ended = [ink === undefined ? "" : "\x1b[39m", paper === undefined ? "" : "\x1b[49m"]
  return [coloured.join("") + before, after + ended.join("")]
}

/** Returns `text` with the escape sequences of its tone. */
export function paint(text: Shown, tone: Tone): string {
  const [before, after] = marks.get(tone) ?? ["", ""]
  return before + text + after
}
