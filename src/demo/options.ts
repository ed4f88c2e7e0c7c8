import type { Several } from "../adapters/redis/connections.ts"
import { didYouMean, type Options } from "../config/command-line.ts"
import { DEMO_OPTIONS, DEMO_RATE, MOST_GATEWAYS, SCENARIO_RATE, SCENARIOS } from "../config/demo-options.ts"
import { gatewayList } from "../config/gateway-list.ts"
import { readCommandLine } from "../config/read-command-line.ts"
import { DeckError } from "../domain/errors.ts"
import type { DemoOptions } from "./keeper-messages.ts"

const OPTIONS: Options = DEMO_OPTIONS

export interface DemoCommand extends DemoOptions {
  readonly serversOnly: boolean
  readonly help: boolean
}

/** Parses the command line of `opsdeck demo`, that word included; throws DeckError("usage") for an invalid one. */
export function readDemoCommand(argv: readonly string[]): DemoCommand {
  const { words, values } = readCommandLine(argv, OPTIONS)
  const [, extra] = words
  if (extra !== undefined) throw new DeckError("usage", `unexpected argument "${extra}": demo takes none`)
  const wholeNumber = (name: string, fallback: number, low: number, high: number) => {
    const text = values.get(name) as string | undefined
    if (text === undefined) return fallback
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= low && number <= high) return number
    throw new DeckError("usage", `--${name} must be a whole number from ${low} to ${high}`, { field: name })
  }
  const story = values.get("scenario") as string | undefined
  const scenario = SCENARIOS.find(one => one === story)
  if (story !== undefined && scenario === undefined) {
    const hint = didYouMean(story, SCENARIOS)
    throw new DeckError("usage", `--scenario must be one of ${SCENARIOS.join(", ")}${hint}`, { field: "scenario" })
  }
  return {
    ...(scenario ? { scenario } : {}),
    ...gatewaysNamed(values.get("gateways") as string | undefined),
    rate: wholeNumber("rate", scenario ? SCENARIO_RATE : DEMO_RATE, 1, 10_000),
    seed: wholeNumber("seed", 1, 0, 2 ** 31 - 1),
    serversOnly: values.has("servers-only"),
    help: values.has("help"),
  }
}

function gatewaysNamed(text: string | undefined): { readonly gateways?: Several<string> } {
  if (text === undefined) return {}
  const names = text.split(",")
  const refuse = (problem: string) => new DeckError("usage", `--gateways${problem}`, { field: "gateways" })
  const problem = gatewayList(names.map(name => ({ name })))
  if (problem !== undefined) throw refuse(problem)
  if (names.length > MOST_GATEWAYS) throw refuse(` takes up to ${MOST_GATEWAYS} names`)
  return { gateways: names as [string, ...string[]] }
}

export const DEMO_HELP = [
  "opsdeck demo: a throwaway platform with people and traffic, and the console on it",
  "",
  ...Object.entries(OPTIONS).map(
    ([name, { placeholder, summary }]) => `  ${`--${name} ${placeholder ?? ""}`.padEnd(24)} ${summary}`,
  ),
  "",
  "For commands beside a console: start it with --servers-only, paste what it prints into two other terminals, and run",
  "opsdeck in the one and commands such as opsdeck runs list in the other.",
  "",
].join("\n")
