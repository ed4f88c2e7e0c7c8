import { styleText } from "node:util"
import type { Colour } from "../../config/settings.ts"
import type { Shown } from "../../domain/safe-text.ts"
import { CURSOR_CELL } from "../terminal/cursor.ts"

/**
 * Meaning of a piece of text, independent of its style: `good` is fine, `look` needs attention, `act` needs action,
 * `key` can be pressed, `dim` is context, `badge` is the environment. Named ANSI colours only, so that 16 colours and
 * light backgrounds work.
 */
export type ThemedTone = "plain" | "strong" | "dim" | "good" | "look" | "act" | "key" | "selected" | Badge
/** `cursor` is the cell where one types, which no theme changes. */
export type Tone = ThemedTone | "cursor"
export type Badge = "badge" | `badge-${Colour}`

/** Names of styles, as in `styleText` of node:util. */
export type Style = Parameters<typeof styleText>[0] & readonly string[]
export type Theme = Readonly<Record<ThemedTone, Style>>

const marks = new Map<Tone, readonly [before: string, after: string]>()

/** Replaces the theme of the whole console. */
export function setTheme(theme: Theme): void {
  for (const [tone, style] of Object.entries(theme)) marks.set(tone as Tone, marksOf(style))
  marks.set("cursor", isStyled() ? CURSOR_CELL : ["", ""])
}

const isStyled = () => process.stdout.isTTY && process.env.TERM !== "dumb"

/** Returns the escape sequences before and after a text; empty where the output is no terminal with styles. */
function marksOf(style: Style): readonly [before: string, after: string] {
  if (style.length === 0 || !isStyled()) return ["", ""]
  return styleText(style, "\n", { validateStream: false }).split("\n") as [string, string]
}

/** Returns `text` with the escape sequences of its tone. */
export function paint(text: Shown, tone: Tone): string {
  const [before, after] = marks.get(tone) ?? ["", ""]
  return before + text + after
}
