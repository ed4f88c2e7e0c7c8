import { inspect } from "node:util"
import { didYouMean } from "../../config/command-line.ts"
import type { Variables } from "../../config/paths.ts"
import { COLOURS, type Colour } from "../../config/settings.ts"
import type { Declared } from "../../config.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Badge, Style, Theme, ThemedTone } from "./theme.ts"

const DARK: Theme = {
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

/** Theme without colour (https://no-color.org): only weight distinguishes tones. */
const MONO: Theme = {
  ...DARK,
  good: [],
  look: ["underline"],
  act: ["bold"],
  key: ["bold"],
  ...badges(() => ["inverse", "bold"]),
}

/** Yellow and cyan are unreadable on white. */
const LIGHT: Theme = { ...DARK, look: ["magenta"], key: ["blue"] }

const THEMES: Readonly<Record<string, Theme>> = { default: DARK, light: LIGHT, mono: MONO }

/**
 * Returns the theme: without colour where NO_COLOR is set, else as declared, else by the terminal's background from
 * `COLORFGBG`. Throws DeckError `usage` for an unknown theme, tone or style.
 */
export function themeFor(declared: Declared | undefined, env: Variables): Theme {
  const theme = declared === undefined ? undefined : readTheme(declared)
  if (env.NO_COLOR) return MONO
  return theme ?? (/;(7|15)$/.test(env.COLORFGBG ?? "") ? LIGHT : DARK)
}

function readTheme({ value, label }: Declared): Theme {
  const refuse = (problem: string): never => {
    throw new DeckError("usage", `${label}: ${problem}`)
  }
  if (typeof value === "string") {
    const named = Object.hasOwn(THEMES, value) ? THEMES[value] : undefined
    return named ?? refuse(`no such theme${didYouMean(value, Object.keys(THEMES))}; ${EXPECTED}`)
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(EXPECTED)
  const styles = Object.entries(value).map(([tone, given]) => {
    if (!Object.hasOwn(DARK, tone)) refuse(`${tone}: no such tone${didYouMean(tone, Object.keys(DARK))}`)
    const style: unknown[] = Array.isArray(given) ? given : [given]
    const unknown = style.find(name => typeof name !== "string" || !Object.hasOwn(inspect.colors, name))
    if (unknown !== undefined) refuse(`${tone}: ${styleProblem(unknown)}`)
    return [tone as ThemedTone, style] as const
  })
  return { ...DARK, ...Object.fromEntries(styles) }
}

const EXPECTED = `expected ${Object.keys(THEMES).join(", ")}, or an object of tones such as {"key": ["blue", "bold"]}`

const styleProblem = (name: unknown) =>
  typeof name === "string"
    ? `no such style as ${name}${didYouMean(name, Object.keys(inspect.colors))}`
    : "expected the name of a style, or several"
