import { inspect } from "node:util"
import { didYouMean } from "../../config/command-line.ts"
import type { Variables } from "../../config/paths.ts"
import type { Declared } from "../../config.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Background } from "../terminal/background.ts"
import { MONO, NAMED_PALETTES, PALETTES } from "./palettes.ts"
import type { Style, StyleName, Theme, ThemedTone } from "./theme.ts"

/** What there is to choose; `auto` goes by the background, which the terminal is asked for. */
const NAMES = ["auto", "dark", "light", "mono"] as const

/** The theme as declared. */
export interface ThemeChoice {
  /** Whether the theme depends on the background. */
  readonly isAuto: boolean
  /** Returns the theme for a terminal that has not said, or does not say, what its background is. */
  readonly first: Theme
  on(background: Background): Theme
}

/** Colours of a terminal from which on the palettes of 256 are used, as bits. */
const BITS_OF_256 = 8

/**
 * Returns the theme as declared: without colour where NO_COLOR is set; else by the background where it is not named.
 * `COLORFGBG` says what the background is until the terminal does. Throws DeckError `usage` for an unknown theme, tone or
 * style. `colourBits` are those of the terminal.
 */
export function themeFor(declared: Declared | undefined, env: Variables, colourBits: number): ThemeChoice {
  const { name, styles } = declared === undefined ? AUTO : readTheme(declared)
  const isAuto = name === "auto" && !env.NO_COLOR
  const palettes = colourBits >= BITS_OF_256 ? PALETTES : NAMED_PALETTES
  const on = (background: Background): Theme => {
    if (env.NO_COLOR || name === "mono") return MONO
    return { ...palettes[name === "auto" ? background : name], ...styles }
  }
  return { isAuto, first: on(/;(7|15)$/.test(env.COLORFGBG ?? "") ? "light" : "dark"), on }
}

interface ReadTheme {
  readonly name: (typeof NAMES)[number]
  /** Tones of the operator's own. */
  readonly styles: Partial<Theme>
}

const AUTO: ReadTheme = { name: "auto", styles: {} }

function readTheme({ value, label }: Declared): ReadTheme {
  const refuse = (problem: string): never => {
    throw new DeckError("usage", `${label}: ${problem}`)
  }
  if (typeof value === "string") {
    const name = NAMES.find(name => name === value)
    return name ? { name, styles: {} } : refuse(`no such theme${didYouMean(value, NAMES)}; ${EXPECTED}`)
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(EXPECTED)
  const styles = Object.entries(value).map(([tone, given]) => {
    if (!Object.hasOwn(MONO, tone)) refuse(`${tone}: no such tone${didYouMean(tone, Object.keys(MONO))}`)
    const names: unknown[] = Array.isArray(given) ? given : [given]
    const unknown = names.find(name => typeof name !== "string" || !Object.hasOwn(inspect.colors, name))
    if (unknown !== undefined) refuse(`${tone}: ${styleProblem(unknown)}`)
    const style: Style = { names: names as StyleName[] }
    return [tone as ThemedTone, style] as const
  })
  return { name: "auto", styles: Object.fromEntries(styles) }
}

const EXPECTED = `expected ${NAMES.join(", ")}, or an object of tones such as {"key": ["blue", "bold"]}`

const styleProblem = (name: unknown) =>
  typeof name === "string"
    ? `no such style as ${name}${didYouMean(name, Object.keys(inspect.colors))}`
    : "expected the name of a style, or several"
