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

/** The command that `words` begin with; for any other words a DeckError `usage` names the nearest right one. */
export function findCommand(words: readonly string[]): Command {
  const command = commands.find(candidate => candidate.words.every((word, i) => word === words[i]))
  if (command) return command
  const longest = Math.max(...commands.map(candidate => candidate.words.length))
  const typed = words.slice(0, longest).join(" ")
  const begun = commandsUnder(words.slice(0, 1))
  const known = (begun.length > 0 ? begun : commands).map(candidate => candidate.words.join(" "))
  throw new DeckError("usage", `unknown command ${typed}${didYouMean(typed, known)}`)
}

/** The commands whose words begin with `words`: what `opsdeck users --help` lists. */
export const commandsUnder = (words: readonly string[]) =>
  commands.filter(command => words.every((word, i) => word === command.words[i]))
