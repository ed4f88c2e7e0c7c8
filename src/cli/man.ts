import type { Options } from "../config/command-line.ts"
import { CONSOLE_OPTIONS, PROGRAM_OPTIONS } from "../config/settings.ts"
import { VERSION } from "../version.ts"
import type { Command } from "./command.ts"
import { fieldsOf, optionsFor } from "./command-options.ts"
import { optionText, STATUSES, usageOf, VARIABLES } from "./help.ts"
import { argumentOf } from "./options.ts"
import { commandsUnder } from "./words.ts"

/** Generates the manual page opsdeck(1), in roff, from the declarations that the help is made of. Run by the build. */
export async function manPage(): Promise<string> {
  const commands = await commandsUnder([])
  return [
    `.TH OPSDECK 1 "" "opsdeck ${escaped(VERSION)}"`,
    section("NAME", [text("opsdeck - operations console of an agent-hosting platform")]),
    section("SYNOPSIS", [bold("opsdeck [options]"), ".br", bold("opsdeck COMMAND [options]")]),
    section("DESCRIPTION", [
      text("Without a command, opens the console on the live access log; ? in it shows the keys of each screen."),
    ]),
    section("OPTIONS", optionItems(CONSOLE_OPTIONS)),
    section("COMMANDS", commands.flatMap(commandLines)),
    section(
      "ENVIRONMENT",
      VARIABLES.flatMap(([name, summary]) => item(name, summary)),
    ),
    section(
      "EXIT STATUS",
      STATUSES.flatMap(([status, summary]) => item(status, summary)),
    ),
    section("FILES", [
      ...item("$XDG_CONFIG_HOME/opsdeck/config.json", "profiles; ~/.config where the variable is not set"),
      ...item("$XDG_STATE_HOME/opsdeck/opsdeck.log", "diagnostics; ~/.local/state where the variable is not set"),
    ]),
  ].join("\n")
}

function commandLines(command: Command): string[] {
  const fields = fieldsOf(command)
  const own = Object.fromEntries(
    Object.entries(optionsFor(command, fields)).filter(([name]) => !Object.hasOwn(PROGRAM_OPTIONS, name)),
  )
  const args = fields.filter(({ positional }) => positional)
  return [
    `.SS ${escaped(usageOf(command, fields))}`,
    text(command.summary),
    ...args.flatMap(field => item(argumentOf(field), field.declared.summary)),
    ...fields.flatMap(({ variable, declared }) => (variable ? item(variable, declared.summary) : [])),
    ...optionItems(own),
  ]
}

const optionItems = (options: Options) =>
  Object.entries(options).flatMap(([name, option]) => item(optionText(name, option), option.summary))

const section = (title: string, lines: readonly string[]) => [`.SH ${title}`, ...lines].join("\n")
const item = (term: string, summary: string) => [".TP", bold(term), text(summary || term)]
const bold = (words: string) => `\\fB${escaped(words)}\\fR`
const text = (words: string) => `\\&${escaped(words)}`

/** Keeps a hyphen a character that can be copied and typed again. */
const escaped = (words: string) => words.replaceAll("\\", "\\e").replaceAll("-", "\\-")
