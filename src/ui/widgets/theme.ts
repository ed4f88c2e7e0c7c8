import type { TextProps } from "ink"

/**
 * What a piece of text means, not how it looks: `good` is fine, `look` wants a look, `act` wants to be acted on,
 * `key` can be pressed, `dim` is context. Named ANSI colours only, so that 16 colours and light backgrounds work.
 */
export type Tone = "plain" | "strong" | "dim" | "good" | "look" | "act" | "key" | "selected" | "badge"

type Style = Pick<TextProps, "color" | "bold" | "dimColor" | "inverse" | "underline">

const COLOURED: Record<Tone, Style> = {
  plain: {},
  strong: { bold: true },
  dim: { dimColor: true },
  good: { color: "green" },
  look: { color: "yellow" },
  act: { color: "red", bold: true },
  key: { color: "cyan" },
  selected: { inverse: true },
  badge: { inverse: true, bold: true },
}

/** The same meanings without colour (https://no-color.org): weight alone tells them apart, the words do the rest. */
const COLOURLESS: Record<Tone, Style> = {
  ...COLOURED,
  good: {},
  look: { underline: true },
  act: { bold: true },
  key: { bold: true },
}

const styles = process.env.NO_COLOR ? COLOURLESS : COLOURED

export const styleOf = (tone: Tone): Style => styles[tone]
