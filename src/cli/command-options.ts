import type { Options } from "../config/command-line.ts"
import type { Feed } from "../services/operation.ts"
import type { Command } from "./command.ts"
import { HISTORY_ONLY } from "./history-only.ts"
import { type Field, fieldsFor, optionsOf } from "./options.ts"

const JSON_OPTION = {
  json: { kind: "flag", summary: "print the answer as JSON, and nothing else on standard output" },
} as const satisfies Options

const followOption = ({ follows = "keep printing what arrives, oldest first, until Ctrl-C" }: Feed): Options => ({
  follow: { kind: "flag", summary: follows },
})

const YES_OPTION = {
  yes: { kind: "flag", summary: "do not ask for confirmation" },
} as const satisfies Options

/** Fields of `command` or, with `--follow`, of its feed. */
export function fieldsOf({ operation, feed, program }: Command, follows = false): Field[] {
  const input = (follows || operation === undefined ? feed : operation)?.input ?? program?.input
  return input === undefined ? [] : fieldsFor(input)
}

/** Options of `command` whose fields are `fields`, without those of every command. */
export const optionsFor = ({ operation, feed, program, options }: Command, fields: readonly Field[]): Options => ({
  ...options,
  ...optionsOf(fields),
  ...(feed && operation ? followOption(feed) : {}),
  ...(operation?.kind === "read" && operation.ofHistory ? HISTORY_ONLY : {}),
  ...(operation?.kind === "change" ? YES_OPTION : {}),
  ...((operation ?? feed ?? program?.answer) ? JSON_OPTION : {}),
})
