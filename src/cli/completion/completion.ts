import type { Option } from "../../config/command-line.ts"
import { CONSOLE_OPTIONS, PROGRAM_OPTIONS } from "../../config/settings.ts"
import type { Command } from "../command.ts"
import { fieldsOf, optionsFor } from "../command-options.ts"
import { programOptions } from "../help.ts"
import { bashCompletion } from "./bash.ts"
import { fishCompletion } from "./fish.ts"
import type { Node, Offer } from "./node.ts"
import type { Shell } from "./shells.ts"
import { zshCompletion } from "./zsh.ts"

/** Script that completes the words and options of `commands` in `shell`, without starting opsdeck. */
export function completionFor(shell: Shell, commands: readonly Command[]): string {
  return { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell](nodesOf(commands))
}

/** Nodes from the longest words to the shortest, so that the first match is the right one. */
function nodesOf(commands: readonly Command[]): Node[] {
  const complete = commands.map((command): Node => {
    const fields = [...fieldsOf(command), ...(command.feed ? fieldsOf(command, true) : [])]
    const taken = { ...optionsFor(command, fields), ...(command.options ? {} : programOptions(command)) }
    return {
      words: command.words,
      next: fields.find(({ positional }) => positional)?.choices.map(choice => [choice, ""] as const) ?? [],
      offers: Object.entries(taken).flatMap(([name, option]) =>
        offersOf(name, option, fields.find(field => field.option === name)?.choices),
      ),
    }
  })
  const groups = Map.groupBy(
    commands.filter(({ words }) => words.length > 1),
    ({ words }) => words[0] as string,
  )
  const incomplete = [...groups].map(([group, under]): Node => {
    const next = under.map(({ words, summary }) => [words[1] as string, summary] as const)
    return { words: [group], next, offers: HELP }
  })
  const first = Map.groupBy(commands, ({ words }) => words[0] as string)
  const meaning = (under: readonly Command[]) =>
    under.map(({ words, summary }) => (words.length > 1 ? words[1] : summary)).join(", ")
  const console = Object.entries(CONSOLE_OPTIONS).flatMap(([name, option]) => offersOf(name, option))
  return [
    ...complete,
    ...incomplete,
    { words: [], next: [...first].map(([word, under]) => [word, meaning(under)]), offers: console },
  ]
}

function offersOf(name: string, option: Option, choices = option.choices ?? []): Offer[] {
  const { kind, summary, negatable, placeholder } = option
  const value = kind === "flag" ? "none" : choices.length > 0 ? choices : placeholder === "FILE" ? "file" : "text"
  const names = negatable ? [`--${name}`, `--no-${name}`] : [`--${name}`]
  return names.map(option => ({ option, summary, value }))
}

const HELP = offersOf("help", PROGRAM_OPTIONS.help)
