import type { Command } from "../../../src/cli/command.ts"
import { fieldsOf, optionsFor } from "../../../src/cli/command-options.ts"
import { optionText, STATUSES, usageOf, VARIABLES } from "../../../src/cli/help.ts"
import { argumentOf } from "../../../src/cli/options.ts"
import { commandsUnder } from "../../../src/cli/words.ts"
import type { Options } from "../../../src/config/command-line.ts"
import { CONSOLE_OPTIONS, PROGRAM_OPTIONS } from "../../../src/config/settings.ts"
import { EXAMPLES } from "./examples.ts"

type Row = readonly [left: string, right: string]

/** Said once, above the commands. */
const COMMON = ["json", "yes"]

/** Each command with its examples, arguments and options, from its declaration. */
export const commandSections = async () => (await commandsUnder([])).map(section).join("\n")

/** The options that every command takes, and those that the console takes besides. */
export const commonOptions = () => {
  const ofConsole = Object.fromEntries(Object.entries(CONSOLE_OPTIONS).filter(([name]) => !(name in PROGRAM_OPTIONS)))
  return [
    "Every command takes:",
    "",
    ...table(["option", "means"], optionRows(PROGRAM_OPTIONS)),
    "",
    "`opsdeck` without a command opens the console, and takes these besides:",
    "",
    ...table(["option", "means"], optionRows(ofConsole)),
    "",
    "Read from the environment:",
    "",
    ...table(
      ["variable", "means"],
      VARIABLES.map(([names, means]): Row => [names.split(", ").map(code).join(", "), means]),
    ),
    "",
  ].join("\n")
}

export const exitStatuses = () =>
  `${table(
    ["exit status", "means"],
    STATUSES.map(([status, means]): Row => [status, means]),
  ).join("\n")}\n`

function section(command: Command): string {
  const { words, summary, feed } = command
  const fields = fieldsOf(command)
  const followed = feed === undefined ? {} : optionsFor(command, fieldsOf(command, true))
  const own = ownOptions(optionsFor(command, fields))
  const withFollow = Object.fromEntries(Object.entries(ownOptions(followed)).filter(([name]) => !(name in own)))
  const args = fields.filter(({ positional }) => positional)
  const rows = [
    ...args.map((field): Row => [code(argumentOf(field)), field.declared.summary]),
    ...optionRows(own),
    ...optionRows(withFollow).map(([option, means]): Row => [option, `with \`--follow\`: ${means}`]),
    ...fields.flatMap(({ variable, declared }): Row[] => (variable ? [[code(variable), declared.summary]] : [])),
  ]
  const name = words.join(" ")
  const examples = (EXAMPLES[name] ?? []).flatMap(([line, purpose]) => (purpose ? [`# ${purpose}`, line] : [line]))
  return [
    `### ${name}`,
    "",
    `\`${usageOf(command, fields)}\` · ${summary}`,
    "",
    "```sh",
    ...examples,
    "```",
    "",
    ...(rows.length > 0 ? [...table(["", ""], rows), ""] : []),
  ].join("\n")
}

const ownOptions = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !COMMON.includes(name) && !(name in PROGRAM_OPTIONS)))

const optionRows = (options: Options) =>
  Object.entries(options).map(([name, option]): Row => [code(optionText(name, option)), option.summary])

const code = (words: string) => `\`${words}\``

const table = (head: Row, rows: readonly Row[]) => [line(head), "|---|---|", ...rows.map(row => line(row))]

/** A bar within a cell would end it. */
const line = (row: Row) => `| ${row.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`
