import { didYouMean } from "../config/command-line.ts"
import { DeckError } from "../domain/errors.ts"
import { feeds, operations } from "../services/index.ts"
import type { Change, Feed, Operation } from "../services/operation.ts"

/** What the words of a command line name. `migrate` and `demo` are no operations: they need no operator. */
export interface Command {
  readonly words: readonly string[]
  readonly summary: string
  readonly operation?: Operation | Change
  /** What `--follow` runs instead. */
  readonly feed?: Feed
}

const MIGRATE: Command = { words: ["migrate"], summary: "create the platform's tables in an empty database" }
const DEMO: Command = { words: ["demo"], summary: "a throwaway platform with sample traffic, and the console on it" }

const feedOf = (words: readonly string[]) => (feeds as readonly Feed[]).find(feed => feed.words.join() === words.join())

export const commands: readonly Command[] = [
  ...(operations as readonly (Operation | Change)[]).map(operation => {
    const feed = feedOf(operation.words)
    return { words: operation.words, summary: operation.summary, operation, ...(feed ? { feed } : {}) }
  }),
  MIGRATE,
  DEMO,
]

/** Words of the longest command. */
const LONGEST = Math.max(...commands.map(({ words }) => words.length))

const orOf = (words: readonly string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(words)

/** The command that `words` begin with; for any other words a DeckError `usage` names the nearest right one. */
export function findCommand(words: readonly string[]): Command {
  const command = commands.find(candidate => candidate.words.every((word, i) => word === words[i]))
  if (command) return command
  const [group = ""] = words
  const under = commandsUnder([group]).map(command => command.words.slice(1).join(" "))
  if (under.length === 0) {
    const typed = words.slice(0, LONGEST).join(" ")
    const known = commands.map(command => command.words.join(" "))
    throw new DeckError("usage", `unknown command ${typed}${didYouMean(typed, known)}`)
  }
  const typed = words.slice(1, LONGEST).join(" ")
  if (typed === "") throw new DeckError("usage", `${group} is not a command by itself; say ${group} ${orOf(under)}`)
  const hint = didYouMean(typed, under, `${group} `) || `; there is ${group} ${orOf(under)}`
  throw new DeckError("usage", `unknown command ${group} ${typed}${hint}`)
}

/** The commands whose words begin with `words`: what `opsdeck users --help` lists. */
export const commandsUnder = (words: readonly string[]) =>
  commands.filter(command => words.every((word, i) => word === command.words[i]))
