import { didYouMean } from "../config/command-line.ts"
import { DEMO_OPTIONS } from "../config/demo-options.ts"
import { DeckError } from "../domain/errors.ts"
import { commandOperations } from "../services/index.ts"
import type { Command } from "./command.ts"
import { PROGRAMS } from "./program.ts"

/** Commands that `main` starts itself. */
const DEMO: Command = {
  words: ["demo"],
  summary: "a throwaway platform with sample traffic, and the console on it",
  options: DEMO_OPTIONS,
}

const orOf = (words: readonly string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(words)

/** The command that `words` begin with. Throws DeckError `usage`, with the nearest known one, for any other. */
export async function findCommand(words: readonly string[]): Promise<Command> {
  const [group = ""] = words
  const commands = await commandsUnder(words.slice(0, 1))
  const meant = commands.filter(candidate => candidate.words.every((word, i) => word === words[i]))
  const command = meant.toSorted((a, b) => b.words.length - a.words.length)[0]
  if (command) return command
  const known = commands.length > 0 ? commands : await commandsUnder([])
  const longest = Math.max(...known.map(({ words }) => words.length))
  if (commands.length === 0) {
    const typed = words.slice(0, longest).join(" ")
    const all = known.map(({ words }) => words.join(" "))
    throw new DeckError("usage", `unknown command ${typed}${didYouMean(typed, all)}`)
  }
  const under = commands.map(({ words }) => words.slice(1).join(" "))
  const typed = words.slice(1, longest).join(" ")
  if (typed === "") throw new DeckError("usage", `${group} is not a complete command; use ${group} ${orOf(under)}`)
  const hint = didYouMean(typed, under, `${group} `) || `; there is ${group} ${orOf(under)}`
  throw new DeckError("usage", `unknown command ${group} ${typed}${hint}`)
}

/** Returns the commands that begin with `words`: what `opsdeck users --help` lists. */
export async function commandsUnder(words: readonly string[]): Promise<readonly Command[]> {
  const found = await commandOperations(words[0])
  const feeds = new Map(found.filter(one => one.kind === "feed").map(feed => [feed.words.join(), feed]))
  const operations = found.filter(one => one.kind !== "feed")
  const alone = new Set([...feeds.keys()].filter(words => operations.every(one => one.words.join() !== words)))
  const commands = found
    .filter(one => one.kind !== "feed" || alone.has(one.words.join()))
    .map((operation): Command => {
      if (operation.kind === "feed") return { words: operation.words, summary: operation.summary, feed: operation }
      const feed = feeds.get(operation.words.join())
      return { words: operation.words, summary: operation.summary, operation, ...(feed ? { feed } : {}) }
    })
  const programs = PROGRAMS.map((program): Command => ({ words: program.words, summary: program.summary, program }))
  return [...commands, ...programs, DEMO].filter(command => words.every((word, i) => word === command.words[i]))
}
