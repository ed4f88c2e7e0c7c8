import { styleText } from "node:util"
import { COLOURS, type Colour } from "../../config/settings.ts"
import type { Shown } from "../../domain/safe-text.ts"

/**
 * What a piece of text means, not how it looks: `good` is fine, `look` wants a look, `act` wants to be acted on,
 * `key` can be pressed, `dim` is context, `badge` says where one is. Named ANSI colours only, so that 16 colours and light backgrounds work.
 */
export type Tone = "plain" | "strong" | "dim" | "good" | "look" | "act" | "key" | "selected" | Badge
type Badge = "badge" | `badge-${Colour}`

type Style = Parameters<typeof styleText>[0] & readonly string[]

const COLOURED: Record<Tone, Style> = {
  plain: [],
  strong: ["bold"],
  dim: ["dim"],
  good: ["green"],
  look: ["yellow"],
  act: ["red", "bold"],
  key: ["cyan"],
  selected: ["inverse"],
  ...badges(colour => [colour, "inverse", "bold"]),
}

function badges(style: (colour: Colour) => Style): Record<Badge, Style> {
  const coloured = COLOURS.map(colour => [`badge-${colour}`, style(colour)] as const)
  return { badge: ["inverse", "bold"], ...Object.fromEntries(coloured) } as Record<Badge, Style>
}

/** The same meanings without colour (https://no-color.org): weight alone tells them apart, the words do the rest. */
const COLOURLESS: Record<Tone, Style> = {
  ...COLOURED,
  good: [],
  look: ["underline"],
  act: ["bold"],
  key: ["bold"],
  ...badges(() => ["inverse", "bold"]),
}

const styles = process.env.NO_COLOR ? COLOURLESS : COLOURED
/** What stands before and after a text of each tone; nothing where nobody looks at a terminal that could show it. */
const marks = new Map(Object.entries(styles).map(([tone, style]) => [tone as Tone, marksOf(style)]))

function marksOf(style: Style): readonly [before: string, after: string] {
  if (style.length === 0 || !process.stdout.isTTY || process.env.TERM === "dumb") return ["", ""]
  return styleText(style, "\n", { validateStream: false }).split("\n") as [string, string]
}

/** `text` as the terminal is to be told. */
export function paint(text: Shown, tone: Tone): string {
  const [before, after] = marks.get(tone) as readonly [string, string]
  return before + text + after
}
