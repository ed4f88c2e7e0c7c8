import type { Option, Options } from "../config/command-line.ts"
import { CONSOLE_OPTIONS, PROGRAM_OPTIONS } from "../config/settings.ts"
import { termsOf } from "../domain/list-terms.ts"
import type { Command } from "./command.ts"
import { argumentOf, type Field } from "./options.ts"

type Row = readonly [left: string, right: string]

/** Help of the program, or of the group of commands that begin with `words`. */
export function overview(under: readonly Command[], words: readonly string[]): string {
  const group = words.length > 0
  const commands = under.map(({ words, summary }) => [words.join(" "), summary] as const)
  const usage = group ? [] : ["opsdeck [options]          open the console, on the live log"]
  return sections({
    Usage: [...usage, `opsdeck ${[...words, "COMMAND"].join(" ")} [options]`],
    Commands: aligned(commands),
    ...(group ? {} : { Options: aligned(optionRows(CONSOLE_OPTIONS)), Environment: aligned(VARIABLES) }),
    ...(group ? {} : { "Exit status": aligned(STATUSES) }),
  })
}

/**
 * Help of one command, from its declaration; `options` are its own, without those of the program, and `under` the commands whose
 * words begin with its own.
 */
export function helpFor(
  command: Command,
  fields: readonly Field[],
  options: Options,
  under: readonly Command[] = [],
): string {
  const further = under.filter(({ words }) => words.length > command.words.length)
  const positional = fields.filter(field => field.positional)
  return sections({
    Usage: [usageOf(command, fields), "", command.summary],
    Arguments: aligned(positional.map(field => [argumentOf(field), field.declared.summary])),
    Filter: aligned(termRows(command)),
    Options: aligned(optionRows(options)),
    Environment: aligned(fields.flatMap(({ variable, declared }) => (variable ? [[variable, declared.summary]] : []))),
    "Options of every command": aligned(optionRows(programOptions(command))),
    "See also": aligned(further.map(({ words, summary }) => [words.join(" "), summary])),
  })
}

/** Terms of the filter of a list, by example. */
export const termRows = ({ operation }: Command): Row[] =>
  operation === undefined ? [] : termsOf(operation.input).map(({ example, help }) => [example, help])

/** Returns the options of every command that matter to this one. */
export const programOptions = ({ words }: Command): Options =>
  Object.fromEntries(
    Object.entries<Option>(PROGRAM_OPTIONS).filter(([, { only }]) => only === undefined || only === words.join(" ")),
  )

/** Usage line: `opsdeck users show ID [options]`. */
export function usageOf({ words }: Command, fields: readonly Field[]): string {
  const positional = fields.filter(field => field.positional)
  const args = positional.map(field =>
    field.required ? argumentOf(field) : `[${argumentOf(field)}${field.words ? "..." : ""}]`,
  )
  return ["opsdeck", ...words, ...args, "[options]"].join(" ")
}

/** Environment variables and their meanings. */
export const VARIABLES = [
  ["DATABASE_URL, REDIS_URL, GATEWAY_REDIS_URL", "as the options of these names"],
  ["OPSDECK_STREAM", "as --stream"],
  ["OPSDECK_API_KEY", "sign in with an API key"],
  ["OPSDECK_PASSWORD", "the password for --login"],
  ["OPSDECK_SMTP_PASS", "the new password for email set"],
] as const

/** Meanings of the exit statuses (contract, section 7). */
export const STATUSES = [
  ["0", "done"],
  ["1", "internal error"],
  ["2", "invalid command line or value"],
  ["3", "not signed in, or not a platform administrator"],
  ["4", "not found"],
  ["5", "conflict"],
  [
    "6",
    "PostgreSQL, Redis or the mail server cannot be reached, or refused; or a change is saved and not yet in force",
  ],
  ["7", "watch or log --follow --alert ended because the alert fired"],
  ["130", "interrupted by Ctrl-C, or not confirmed"],
] as const

const optionRows = (options: Options): Row[] =>
  Object.entries(options).map(([name, option]) => [optionText(name, option), option.summary])

/** Text of an option: `--status active|suspended`, `--json`, `--active, --no-active`. */
export function optionText(name: string, { kind, negatable, placeholder }: Option): string {
  if (kind === "flag") return negatable ? `--${name}, --no-${name}` : `--${name}`
  return `--${name} ${placeholder}${kind === "list" ? " (may be repeated)" : ""}`
}

/** A longer left column has its explanation on the next line, so that one long list does not indent all others. */
const WIDEST_LEFT = 44

function aligned(rows: readonly Row[]): string[] {
  const widest = Math.max(0, ...rows.map(([left]) => left.length).filter(length => length <= WIDEST_LEFT))
  return rows.flatMap(([left, right]) =>
    left.length > WIDEST_LEFT
      ? [left, ...(right === "" ? [] : [`${"".padEnd(widest)}  ${right}`])]
      : [`${left.padEnd(widest)}  ${right}`.trimEnd()],
  )
}

const sections = (parts: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(parts)
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}\n${lines.map(line => `  ${line}`.trimEnd()).join("\n")}\n`)
    .join("\n")
