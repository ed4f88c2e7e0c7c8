import { DeckError } from "./errors.ts"
import { nearest } from "./nearest.ts"

/** Every operator of a term. */
export const OPERATORS = [":", ">=", ">", "<=", "<"] as const
export type Operator = (typeof OPERATORS)[number]

/** Condition: what is filtered meets one of `values`, or none of them when `negated`. */
export interface Term {
  /** Key of its name; empty for a bare word. */
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
  readonly negated: boolean
}

/** Returns the term that asks for one value. */
export const termOf = (key: string, value: string, operator: Operator = ":"): Term => ({
  key,
  operator,
  values: [value],
  negated: false,
})

/** A name that terms of a filter may have, and what its values are. */
export interface TermName {
  /** Typed before the operator; empty for bare words. */
  readonly key: string
  readonly operators: readonly Operator[]
  /** Description of a value. */
  readonly expects: string
  /** A complete term. */
  readonly example: string
  /** Possible values, where these are few. */
  readonly choices?: readonly string[]
  /** It takes one value, and cannot be negated. */
  readonly isPlain?: boolean
  readonly takes: (value: string, operator: Operator) => boolean
  /** What to write instead of a value that could mean two things. */
  readonly remedy?: (value: string) => string | undefined
}

/** How a term is begun: `status:`, or `cost>` where it compares alone. */
export const headOf = ({ key, operators }: Pick<TermName, "key" | "operators">): string => `${key}${operators[0]}`

/** The names of a filter, by their keys. */
export type TermNames = ReadonlyMap<string, TermName>

const SPACE = /\s+/y
/** Word and operator. `=` and `!=` are none, but match so that `status=500` is refused, not searched as text. */
const HEAD = /([a-z_]+)(>=|<=|!=|[:<>=])/iy
/** Connectives of other filter languages. */
const CONNECTIVE = /^(AND|OR|NOT)$/
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy
const PLAIN = /[^\s,"][^\s,]*/y

/**
 * Parses the filter language: terms side by side that must all hold, `-` before a term to negate it, `a,b` for either,
 * quotes around a value with spaces or commas. Throws DeckError `invalid` with the 0-based `column`.
 */
export function parseTerms(text: string, names: TermNames): Term[] {
  const terms: Term[] = []
  let at = 0

  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at = pattern.lastIndex
    return match
  }

  const takeHead = (): [TermName | undefined, Operator] => {
    const start = at
    const bare = (): [TermName | undefined, Operator] => {
      at = start
      return [names.get(""), ":"]
    }
    const head = take(HEAD)
    if (head === null) return bare()
    const [, typed = "", operator] = head
    const name = names.get(typed.toLowerCase())
    if (name === undefined && (operator === "=" || operator === "!=")) return bare()
    if (name === undefined) throw unknownName(start, typed, names)
    if (operator === "!=") throw mistake(start, `to exclude, put - in front, as in -${name.example}`)
    const known = name.operators.find(one => one === operator)
    if (known === undefined) {
      const expected = name.operators.length === OPERATORS.length ? [":"] : name.operators
      throw mistake(start + typed.length, `${name.key}: expected ${orList(expected)}, as in ${name.example}`)
    }
    return [name, known]
  }

  const takeValue = (name: TermName | undefined, operator: Operator) => {
    const start = at
    const quoted = take(QUOTED)
    if (quoted === null && text[at] === '"') throw mistake(at, "expected a closing quote")
    const value = quoted ? (quoted[1] as string).replace(/\\(.)/gs, "$1") : (take(PLAIN)?.[0] ?? "")
    if (quoted === null && !name?.key && CONNECTIVE.test(value)) {
      throw mistake(start, `terms are ANDed, - excludes, a,b is either; to search for the text, write "${value}"`)
    }
    if (name === undefined) throw noText(start, value, names)
    const missing = quoted === null && value === ""
    if (missing || !name.takes(value, operator)) throw mistake(start, expected(name, value))
    return value
  }

  for (take(SPACE); at < text.length; take(SPACE)) {
    const start = at
    const negated = take(/-/y) !== null
    const [name, operator] = takeHead()
    const values = [takeValue(name, operator)]
    if (name?.isPlain && negated) throw mistake(start, `${called(name)} cannot be excluded with -`)
    while (take(/,/y)) {
      if (name?.isPlain) throw mistake(at - 1, `${called(name)} takes one value; with a comma in it, put it in quotes`)
      values.push(takeValue(name, operator))
    }
    if (at < text.length && !/\s/.test(text.charAt(at)))
      throw mistake(at, "expected a space or a comma after the quote")
    terms.push({ key: name?.key ?? "", operator, values, negated })
  }
  return terms
}

/** Returns the text that `parseTerms` reads as these terms. */
export function termsToText(terms: readonly Term[]): string {
  return terms.map(termToText).join(" ")
}

function termToText({ key, operator, values, negated }: Term): string {
  const head = key === "" ? "" : key + operator
  return (negated ? "-" : "") + head + values.map(value => quotedWhereNeeded(value, key === "")).join(",")
}

/** Returns a value as it is typed: within quotes where it would not read back otherwise; `bare` without a name before it. */
export function quotedWhereNeeded(value: string, bare = false): string {
  const readsBack =
    /^[^\s,"][^\s,]*$/.test(value) && !(bare && (/^(-|[a-z_]+!?[:<>=])/i.test(value) || CONNECTIVE.test(value)))
  return readsBack ? value : `"${value.replace(/["\\]/g, "\\$&")}"`
}

const called = ({ key }: TermName) => (key === "" ? "text" : key)

const orList = (words: readonly string[]) => words.map(word => `"${word}"`).join(" or ")

function expected(name: TermName, typed: string): string {
  const { key, expects, example, choices = [] } = name
  const meant = typed === "" ? undefined : nearest(typed, choices)
  const hint = meant === undefined ? `, as in ${example}` : `, did you mean ${meant}?`
  const remedy = name.remedy?.(typed)
  return `${key === "" ? "" : `${key}: `}expected ${expects}${remedy === undefined ? hint : `: ${remedy}`}`
}

function unknownName(column: number, typed: string, names: TermNames): DeckError {
  const keys = keysOf(names)
  const meant = nearest(typed, keys)
  const hint =
    meant !== undefined ? `: did you mean ${meant}?` : names.has("") ? "." : `; the terms are ${keys.join(", ")}`
  return mistake(
    column,
    `no filter is called "${typed}"${hint}${names.has("") ? " To search for such text, put it in quotes" : ""}`,
  )
}

/** Text without a name, where there is none to search: it may be a value whose name was left out. */
function noText(column: number, typed: string, names: TermNames): DeckError {
  const owner = [...names.values()].find(({ choices = [] }) => choices.includes(typed.toLowerCase()))
  if (owner !== undefined) return mistake(column, `write ${owner.key}:${quotedWhereNeeded(typed.toLowerCase())}`)
  const keys = keysOf(names)
  const meant = nearest(typed, keys)
  const hint = meant === undefined ? `the terms are ${keys.join(", ")}` : `did you mean ${meant}:?`
  return mistake(column, `expected a term, as in ${[...names.values()][0]?.example}; ${hint}`)
}

const keysOf = (names: TermNames) => [...names.keys()].filter(key => key !== "")

function mistake(column: number, message: string): DeckError {
  return new DeckError("invalid", message, { field: "filter", column })
}
