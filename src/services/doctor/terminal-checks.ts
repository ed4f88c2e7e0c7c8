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
    terminal === undefined ? skipped("the output goes to no terminal") : look(terminal, env),
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
  if (NO_COLOR) return ok("none, as NO_COLOR asks")
  if (TERM === "dumb") return warning("none: TERM is dumb, and the console does not open", "set TERM to what this is")
  const many = COLOURS[colourBits]
  return many === undefined ? warning("none", "set TERM to what this terminal is") : ok(many)
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
  if (env.TMUX) return ok("through tmux, where it says: set -g set-clipboard on")
  if (env.TERM?.startsWith("screen")) return warning("through screen: long texts are lost", "copy outside of screen")
  const [takes, name] = COPIES.find(([, , is]) => is(env)) ?? []
  if (name === undefined) return ok("not known: if y copies nothing, this terminal does not take OSC 52")
  return takes ? ok(`${name} takes OSC 52`) : warning(`${name} takes no OSC 52`, "save with Ctrl-S instead of copying")
})

export const terminalChecks: readonly Check[] = [size, locale, colours, copying]
