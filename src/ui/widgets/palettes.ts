import { COLOURS, type Colour } from "../../config/settings.ts"
import type { Background } from "../terminal/background.ts"
import type { Badge, Style, Theme } from "./theme.ts"

function badges(style: (colour: Colour) => Style): Record<Badge, Style> {
  const coloured = COLOURS.map(colour => [`badge-${colour}`, style(colour)])
  return { badge: { names: ["inverse", "bold"] }, ...Object.fromEntries(coloured) } as Record<Badge, Style>
}

const BLACK = 16
const WHITE = 231
const onPaper = (paper: number, ink: number): Style => ({ ink, paper, names: ["bold"] })

/** The same on any background. */
const BADGES: Readonly<Record<Colour, Style>> = {
  red: onPaper(160, WHITE),
  green: onPaper(28, WHITE),
  yellow: onPaper(220, BLACK),
  blue: onPaper(25, WHITE),
  magenta: onPaper(127, WHITE),
  cyan: onPaper(44, BLACK),
}

/** Stands out in a chart and in an inverse row alike. */
const BAR: Style = { ink: 25, paper: 189 }
const NAMED_BAR: Style = { names: ["blue", "bgWhite"] }

/** Weights alone. */
const WEIGHTS = {
  plain: {},
  strong: { names: ["bold"] },
  dim: { names: ["dim"] },
  selected: { names: ["inverse"] },
} as const

/**
 * Palettes of terminals with 256 colours. Those from 16 on look the same on any terminal: a test holds their contrast
 * against usual backgrounds, 4.5 and for `dim` 3 to 1.
 */
export const PALETTES: Readonly<Record<Background, Theme>> = {
  dark: {
    ...WEIGHTS,
    dim: { ink: 246 },
    good: { ink: 114 },
    look: { ink: 221 },
    act: { ink: 210, names: ["bold"] },
    key: { ink: 80 },
    bar: BAR,
    ...badges(colour => BADGES[colour]),
  },
  light: {
    ...WEIGHTS,
    dim: { ink: 242 },
    good: { ink: 22 },
    look: { ink: 94 },
    act: { ink: 160, names: ["bold"] },
    key: { ink: 25 },
    bar: BAR,
    ...badges(colour => BADGES[colour]),
  },
}

const NAMED_BADGES: Readonly<Record<Colour, Style>> = {
  red: { names: ["bgRed", "whiteBright", "bold"] },
  green: { names: ["bgGreen", "black"] },
  yellow: { names: ["bgYellow", "black"] },
  blue: { names: ["bgBlue", "whiteBright", "bold"] },
  magenta: { names: ["bgMagenta", "whiteBright", "bold"] },
  cyan: { names: ["bgCyan", "black"] },
}

/** Palettes of terminals with 16 colours, which everybody sets to their own: on light yellow and cyan are not to be read. */
export const NAMED_PALETTES: Readonly<Record<Background, Theme>> = {
  dark: {
    ...WEIGHTS,
    good: { names: ["green"] },
    look: { names: ["yellow"] },
    act: { names: ["red", "bold"] },
    key: { names: ["cyan"] },
    bar: NAMED_BAR,
    ...badges(colour => NAMED_BADGES[colour]),
  },
  light: {
    ...WEIGHTS,
    good: { names: ["green"] },
    look: { names: ["magenta"] },
    act: { names: ["red", "bold"] },
    key: { names: ["blue"] },
    bar: NAMED_BAR,
    ...badges(colour => NAMED_BADGES[colour]),
  },
}

/** Palette without colour (https://no-color.org): weight alone tells tones apart. */
export const MONO: Theme = {
  ...WEIGHTS,
  good: {},
  look: { names: ["underline"] },
  act: { names: ["bold"] },
  key: { names: ["bold"] },
  bar: { names: ["inverse"] },
  ...badges(() => ({ names: ["inverse", "bold"] })),
}
