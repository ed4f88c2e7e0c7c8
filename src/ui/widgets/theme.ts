import { styleText } from "node:util"
import type { Colour } from "../../config/settings.ts"
import type { Shown } from "../../domain/safe-text.ts"

/**
 * What a piece of text means, not how it looks: `good` is fine, `look` wants a look, `act` wants to be acted on,
 * `key` can be pressed, `dim` is context, `badge` says where one is. Named ANSI colours only, so that 16 colours and light backgrounds work.
 */
export type Tone = "plain" | "strong" | "dim" | "good" | "look" | "act" | "key" | "selected" | Badge
export type Badge = "badge" | `badge-${Colour}`

/** Names of styles as `styleText` of node:util has them. */
export type Style = Parameters<typeof styleText>[0] & readonly string[]
export type Theme = Readonly<Record<Tone, Style>>

const marks = new Map<Tone, readonly [before: string, after: string]>()

/** From now on everything looks like this. */
export function setTheme(theme: Theme): void {
  for (const [tone, style] of Object.entries(theme)) marks.set(tone as Tone, marksOf(style))
}

/** What stands before and after a text; nothing where nobody looks at a terminal that could show it. */
function marksOf(style: Style): readonly [before: string, after: string] {
  if (style.length === 0 || !process.stdout.isTTY || process.env.TERM === "dumb") return ["", ""]
  return styleText(style, "\n", { validateStream: false }).split("\n") as [string, string]
}

/** `text` as the terminal is to be told. */
export function paint(text: Shown, tone: Tone): string {
  const [before, after] = marks.get(tone) ?? ["", ""]
  return before + text + after
}
