import type { BoundKey } from "../keys/binding.ts"
import type { PaletteCommand, Screen } from "../kit/screen.ts"
import { match } from "./fuzzy.ts"

/** Action of a palette entry. */
type PaletteAction =
  | { readonly kind: "press"; readonly key: BoundKey }
  | { readonly kind: "open"; readonly command: PaletteCommand; readonly text: string }
  /** Puts the name into the field, since an argument is missing. */
  | { readonly kind: "complete"; readonly text: string }

export interface PaletteEntry {
  readonly name: string
  /** Indexes of the typed letters in the name. */
  readonly at: readonly number[]
  readonly help: string
  readonly action: PaletteAction
}

interface Ranked extends PaletteEntry {
  readonly rank: number
}

export const commandsOf = (screens: readonly Screen<never>[]): PaletteCommand[] =>
  screens.flatMap(screen => {
    const { argument } = screen
    if (argument === undefined) return []
    const tab = screens.find(({ id, tabKey }) => tabKey !== undefined && id === argument.behind)
    return [{ ...argument, screen: screen as Screen<unknown>, tab: tab as Screen | undefined }]
  })

/** Rank of matches in the help, after all matches in names. */
const IN_THE_HELP = 10

/** Returns the entries that match `typed`, the best first; among equals `keys` before `commands`. */
export function entriesFor(
  typed: string,
  keys: readonly BoundKey[],
  commands: readonly PaletteCommand[],
): PaletteEntry[] {
  const named = [
    ...keys.map(key => ({ name: key.label, help: key.help, action: { kind: "press", key } as const })),
    ...commands
      .filter(({ tab }) => tab === undefined)
      .map(command =>
        takesArgument(command)
          ? { name: `${command.behind} …`, help: helpOf(command), action: completing(command) }
          : {
              name: command.behind,
              help: command.screen.summary,
              action: { kind: "open", command, text: "" } as const,
            },
      ),
  ]
  return [...named.flatMap(entry => ranked(typed, entry)), ...commands.flatMap(command => withArgument(typed, command))]
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ rank: _, ...entry }) => entry)
}

/** A screen without a tab and without an argument is opened by its name alone. */
const takesArgument = ({ expects, choices }: PaletteCommand) => expects !== undefined || choices.length > 0

const completing = ({ behind }: PaletteCommand): PaletteAction => ({ kind: "complete", text: `${behind} ` })

const helpOf = ({ expects, choices, screen }: PaletteCommand) => `${screen.title}: ${expects ?? choices.join(", ")}`

function ranked(typed: string, entry: Omit<PaletteEntry, "at">): Ranked[] {
  const found = match(typed, entry.name)
  if (found) return [{ ...entry, ...found }]
  return entry.help.toLowerCase().includes(typed.trim().toLowerCase()) ? [{ ...entry, rank: IN_THE_HELP, at: [] }] : []
}

/** Returns `users al` where that is a valid argument, then each choice that completes its last word. */
function withArgument(typed: string, command: PaletteCommand): Ranked[] {
  const { behind, expects, choices, accepts = () => true } = command
  const [, name = "", text = ""] = /^\s*(\S+)\s+(.*?)$/.exec(typed) ?? []
  if (name === "" || !behind.startsWith(name.toLowerCase())) return []
  // A complete name means the screen; its beginning may be that of something else.
  const rank = name.length === behind.length ? -1 : 0.5
  const entry = (argument: string, help: string): Ranked => ({
    name: `${behind} ${argument}`,
    at: Array.from({ length: name.length }, (_, at) => at).concat(
      Array.from({ length: text.trim().length }, (_, at) => behind.length + 1 + at),
    ),
    help,
    action: { kind: "open", command, text: argument },
    rank,
  })
  const given = text.trim()
  const begun = choices.flatMap(choice => {
    const before = wordsBefore(text, choice)
    return before === undefined ? [] : [`${before}${choice}`]
  })
  const isOne = begun.length === 0 || accepts(given)
  const asItStands = given !== "" && isOne && (expects !== undefined || begun.includes(given))
  return [
    ...(asItStands ? [entry(given, helpOf(command))] : []),
    ...begun.filter(other => other !== given).map(other => entry(other, `${command.screen.title}: ${other}`)),
  ]
}

/** Returns the text before the beginning of `choice` at its end, if there is one. */
function wordsBefore(text: string, choice: string): string | undefined {
  for (let length = Math.min(text.length, choice.length); length >= 0; length--) {
    const before = text.slice(0, text.length - length)
    const isWord = before === "" || before.endsWith(" ")
    if (isWord && choice.startsWith(text.slice(before.length).toLowerCase())) return before
  }
  return undefined
}
