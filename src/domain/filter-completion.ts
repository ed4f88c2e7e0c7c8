import { headOf, quotedWhereNeeded, type TermName } from "./filter-language.ts"

/** What may stand in the place of a word that is being typed. */
export interface FilterCompletion {
  /** Index of the text from which on it is replaced. */
  readonly from: number
  /** The names, each with its operator, or the values that begin with what is typed. */
  readonly options: readonly string[]
}

const NONE = () => []

/**
 * Returns the completions of the word at the end of `text`: names of terms, or the values of the one that is there, its
 * choices and those `seen` of it.
 */
export function completionsOf<Name extends TermName>(
  text: string,
  names: readonly Name[],
  seen: (name: Name) => readonly string[] = NONE,
): FilterCompletion {
  const [, dash = "", word = ""] = /(?:^|\s)(-?)(\S*)$/.exec(text) ?? []
  const begin = text.length - word.length
  const [head, key] = /^([a-z_]+)(?:>=|<=|[:<>])/i.exec(word) ?? []
  if (head === undefined) {
    const named = names.filter(({ key, isPlain }) => key !== "" && !(isPlain && dash !== ""))
    return {
      from: begin,
      options: beginningWith(named.map(headOf), word),
    }
  }
  const name = names.find(name => name.key === key?.toLowerCase())
  const values = name === undefined ? [] : [...new Set([...(name.choices ?? []), ...seen(name)])]
  const from = begin + Math.max(head.length, word.lastIndexOf(",") + 1)
  const typed = text.slice(from).replace(/^"/, "")
  return { from, options: beginningWith(values, typed).map(choice => quotedWhereNeeded(choice)) }
}

/** Returns `text` with its last word completed: whole where one option is left, else as far as all options agree. */
export function completed(text: string, { from, options }: FilterCompletion): string {
  const [first, ...others] = options
  if (first === undefined) return text
  const whole = others.length === 0
  // With nothing typed, a letter that all names happen to begin with helps nobody.
  const typed = text.slice(0, from) + (whole ? first : text.slice(from) === "" ? "" : common(options))
  return whole && !/[:<>]$/.test(first) ? `${typed} ` : typed
}

const beginningWith = (options: readonly string[], typed: string) =>
  options.filter(option => option.toLowerCase().startsWith(typed.toLowerCase()))

/** The longest beginning that all have in common. */
function common([first = "", ...others]: readonly string[]): string {
  let length = first.length
  while (!others.every(other => other.startsWith(first.slice(0, length)))) length--
  return first.slice(0, length)
}
