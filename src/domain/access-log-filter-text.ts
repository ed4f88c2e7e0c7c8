import type { Operator } from "./access-log-kinds.ts"
import { TERM_KINDS, type TermKind } from "./access-log-terms.ts"
import { DeckError } from "./errors.ts"
import { nearest } from "./nearest.ts"

/** Condition: the entry meets one of `values`, or none of them when `negated`. */
export interface Term {
  /** Key of its kind; empty for a bare word. */
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

/** Terms that an entry must all meet; without terms, every entry passes. */
export type Filter = readonly Term[]

const KINDS = new Map(TERM_KINDS.map(kind => [kind.key, kind]))
const KEYS = [...KINDS.keys()].filter(key => key !== "")
const BARE_WORD = termKindOf("")
const NO_USERS = new Map()

const SPACE = /\s+/y
/** Word and operator. `=` and `!=` are none, but match so that `status=500` is refused, not searched as text. */
const HEAD = /([a-z_]+)(>=|<=|!=|[:<>=])/iy
/** Connectives of other filter languages. */
const CONNECTIVE = /^(AND|OR|NOT)$/
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy
const PLAIN = /[^\s,"][^\s,]*/y

/** Returns the kind of term that `key` names. Throws RangeError if there is none. */
export function termKindOf(key: string): TermKind {
  const kind = KINDS.get(key)
  if (kind === undefined) throw new RangeError(`no term has the key "${key}"`)
  return kind
}

/**
 * Parses the filter language: terms side by side that must all hold, `-` before a term to negate it, `a,b` for either,
 * quotes around a value with spaces or commas. Throws DeckError `invalid` with the 0-based `column`.
 */
export function parseFilter(text: string): Filter {
  const terms: Term[] = []
  let at = 0

  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at = pattern.lastIndex
    return match
  }

  const takeHead = (): [TermKind, Operator] => {
    const start = at
    const head = take(HEAD)
    if (head === null) return [BARE_WORD, ":"]
    const [, typed = "", operator] = head
    const kind = KINDS.get(typed.toLowerCase())
    if (kind === undefined && (operator === "=" || operator === "!=")) {
      at = start
      return [BARE_WORD, ":"]
    }
    if (kind === undefined) throw unknownKey(start, typed)
    if (operator === "!=") throw mistake(start, `to exclude, put - in front, as in -${kind.example}`)
    if (operator === "=" || (operator !== ":" && !kind.ordered)) {
      throw mistake(start + typed.length, `${kind.key}: expected ":", as in ${kind.example}`)
    }
    return [kind, operator as Operator]
  }

  const takeValue = (kind: TermKind, operator: Operator) => {
    const start = at
    const quoted = take(QUOTED)
    if (quoted === null && text[at] === '"') throw mistake(at, "expected a closing quote")
    const value = quoted ? (quoted[1] as string).replace(/\\(.)/gs, "$1") : (take(PLAIN)?.[0] ?? "")
    if (quoted === null && kind === BARE_WORD && CONNECTIVE.test(value)) {
      throw mistake(start, `terms are ANDed, - excludes, a,b is either; to search for the text, write "${value}"`)
    }
    const missing = quoted === null && value === ""
    if (missing || !kind.test(value, operator, NO_USERS)) throw mistake(start, expected(kind))
    return value
  }

  for (take(SPACE); at < text.length; take(SPACE)) {
    const negated = take(/-/y) !== null
    const [kind, operator] = takeHead()
    const values = [takeValue(kind, operator)]
    while (take(/,/y)) values.push(takeValue(kind, operator))
    if (at < text.length && !/\s/.test(text.charAt(at)))
      throw mistake(at, "expected a space or a comma after the quote")
    terms.push({ key: kind.key, operator, values, negated })
  }
  return terms
}

/** Returns the text that `parseFilter` reads as this filter. */
export function filterToText(filter: Filter): string {
  return filter.map(termToText).join(" ")
}

function termToText({ key, operator, values, negated }: Term): string {
  const head = key === "" ? "" : key + operator
  return (negated ? "-" : "") + head + values.map(value => quoteWhereNeeded(value, key === "")).join(",")
}

function quoteWhereNeeded(value: string, bare: boolean): string {
  const readsBack =
    /^[^\s,"][^\s,]*$/.test(value) && !(bare && (/^(-|[a-z_]+!?[:<>=])/i.test(value) || CONNECTIVE.test(value)))
  return readsBack ? value : `"${value.replace(/["\\]/g, "\\$&")}"`
}

function expected(kind: TermKind): string {
  return `${kind.key === "" ? "" : `${kind.key}: `}expected ${kind.expects}, as in ${kind.example}`
}

function unknownKey(column: number, typed: string): DeckError {
  const meant = nearest(typed, KEYS)
  const hint = meant === undefined ? "." : `: did you mean ${meant}?`
  return mistake(column, `no filter is called "${typed}"${hint} To search for such text, put it in quotes`)
}

function mistake(column: number, message: string): DeckError {
  return new DeckError("invalid", message, { field: "filter", column })
}
