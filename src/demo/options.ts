import { type Options, readCommandLine } from "../config/command-line.ts"
import { DeckError } from "../domain/errors.ts"
import type { DemoOptions } from "./keeper-messages.ts"

const OPTIONS: Options = {
  rate: { kind: "text", placeholder: "N", summary: "requests a second on average, 1 to 10000 (default 200)" },
  seed: { kind: "text", placeholder: "N", summary: "another number, other people and other traffic (default 1)" },
  "servers-only": { kind: "flag", summary: "no console: print the environment to export, and go on until Ctrl-C" },
  help: { kind: "flag", summary: "print this" },
}

export interface DemoCommand extends DemoOptions {
  readonly serversOnly: boolean
  readonly help: boolean
}

/** Reads the command line of `opsdeck demo`, that word included; throws DeckError("usage") for what it does not know. */
export function readDemoCommand(argv: readonly string[]): DemoCommand {
  const { words, values } = readCommandLine(argv, OPTIONS)
  const [, extra] = words
  if (extra !== undefined) throw new DeckError("usage", `demo takes no argument, and "${extra}" is one`)
  const wholeNumber = (name: string, fallback: number, low: number, high: number) => {
    const text = values.get(name) as string | undefined
    if (text === undefined) return fallback
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= low && number <= high) return number
    throw new DeckError("usage", `--${name} must be a whole number from ${low} to ${high}`, { field: name })
  }
  return {
    rate: wholeNumber("rate", 200, 1, 10_000),
    seed: wholeNumber("seed", 1, 0, 2 ** 31 - 1),
    serversOnly: values.has("servers-only"),
    help: values.has("help"),
  }
}

export const DEMO_HELP = [
  "opsdeck demo: a throwaway platform with people and traffic, and the console on it",
  "",
  ...Object.entries(OPTIONS).map(
    ([name, { placeholder, summary }]) => `  ${`--${name} ${placeholder ?? ""}`.padEnd(16)} ${summary}`,
  ),
  "",
].join("\n")
