import { type Finding, ok, skipped, warning } from "../../domain/check.ts"
import type { Host } from "../operation.ts"
import type { Check } from "./check.ts"

/** Defines a check that runs only in a terminal. */
const terminalCheck = (
  name: string,
  look: (terminal: NonNullable<Host["terminal"]>, env: Host["env"]) => Finding,
): Check => ({
  area: "terminal",
  name,
  look: ({ host: { terminal, env } }) =>
    terminal === undefined ? skipped("the output is not a terminal") : look(terminal, env),
})

const size = terminalCheck("size", ({ columns, rows }) => {
  const says = `${columns}x${rows}`
  if (columns < 60 || rows < 15) return warning(`${says}: too small for the console`, "make it 80x24 or larger")
  return columns < 80 || rows < 24 ? warning(`${says}: little room`, "make it 80x24 or larger") : ok(says)
})

const locale = terminalCheck("locale", (_terminal, { LC_ALL, LC_CTYPE, LANG }) => {
  const locale = LC_ALL || LC_CTYPE || LANG || ""
  if (/utf-?8/i.test(locale)) return ok(locale)
  return warning(`${locale || "none"}: no UTF-8, so lines and names may be garbled`, "export LC_ALL=C.UTF-8")
})

const COLOURS: Readonly<Record<number, string>> = { 4: "16", 8: "256", 24: "16 million" }

const colours = terminalCheck("colours", ({ colourBits }, { NO_COLOR, TERM }) => {
  if (NO_COLOR) return ok("none, because NO_COLOR is set")
  if (TERM === "dumb")
    return warning("none: TERM is dumb, and the console does not open", "set TERM to the type of this terminal")
  const many = COLOURS[colourBits]
  return many === undefined ? warning("none", "set TERM to the type of this terminal") : ok(many)
})

/** Terminals with and without support of OSC 52, by their environment variables. */
const COPIES: readonly (readonly [takes: boolean, name: string, is: (env: Host["env"]) => boolean])[] = [
  [true, "kitty", ({ TERM, KITTY_WINDOW_ID }) => TERM === "xterm-kitty" || KITTY_WINDOW_ID !== undefined],
  [true, "Ghostty", ({ TERM }) => TERM === "xterm-ghostty"],
  [true, "Alacritty", ({ TERM }) => TERM === "alacritty"],
  [true, "foot", ({ TERM }) => TERM?.startsWith("foot") === true],
  [true, "WezTerm", ({ TERM_PROGRAM }) => TERM_PROGRAM === "WezTerm"],
  [true, "Windows Terminal", ({ WT_SESSION }) => WT_SESSION !== undefined],
  [
    true,
    "iTerm2",
    ({ TERM_PROGRAM, LC_TERMINAL }) => [TERM_PROGRAM, LC_TERMINAL].some(name => name?.startsWith("iTerm")),
  ],
  [false, "Terminal.app", ({ TERM_PROGRAM }) => TERM_PROGRAM === "Apple_Terminal"],
  [false, "a VTE terminal", ({ VTE_VERSION }) => VTE_VERSION !== undefined],
]

const copying = terminalCheck("copying", (_terminal, env) => {
  if (env.TMUX) return ok("through tmux, if configured with: set -g set-clipboard on")
  if (env.TERM?.startsWith("screen")) return warning("through screen: long texts are lost", "copy outside of screen")
  const [takes, name] = COPIES.find(([, , is]) => is(env)) ?? []
  if (name === undefined) return ok("unknown: if y copies nothing, this terminal does not support OSC 52")
  return takes
    ? ok(`${name} supports OSC 52`)
    : warning(`${name} does not support OSC 52`, "save with Ctrl-S instead of copying")
})

export const terminalChecks: readonly Check[] = [size, locale, colours, copying]
