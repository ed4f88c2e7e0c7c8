import type { AccessLogEntry } from "./access-log.ts"
import { LOG_FIELDS } from "./access-log-fields.ts"
import { type Filter, parseFilter, termKindOf } from "./access-log-filter-text.ts"
import { kindOf } from "./access-log-kinds.ts"
import { type Term, termOf, termsToText } from "./filter-language.ts"

/** Maximum length of a value that a filter line can show: anybody may write anything into the stream. */
const LONGEST = 200
const NO_USERS = new Map()

/** Returns the terms that an entry meets, each of which can narrow a filter, or those of the field `only`; fields without a value are left out. */
export function entryTerms(entry: AccessLogEntry, only?: string): Term[] {
  return LOG_FIELDS.filter(({ name }) => (only ?? name) === name).flatMap(({ name, kind, member }) => {
    const { groups, pivot = ":", isFound = () => true } = kindOf(kind)
    const { test } = termKindOf(name)
    return Object.values(groups)
      .map(group => group(entry[member] ?? ""))
      .filter(value => value !== "" && value.length <= LONGEST && isFound(value) && test(value, pivot, NO_USERS))
      .map(value => termOf(name, value, pivot))
  })
}

/** Returns the values of a field that entries have, each once, in order; of numbers only those that are filtered for as they are. */
export function valuesSeen(entries: readonly AccessLogEntry[], name: string): string[] {
  const terms = entries.flatMap(entry => entryTerms(entry, name)).filter(({ operator }) => operator === ":")
  return [...new Set(terms.flatMap(({ values }) => values))].toSorted()
}

/**
 * Returns the filter's text with one more term. "Only this" replaces the wanted values of the same key, since no entry
 * has two addresses; "not this" joins the excluded values. Each takes back the other. Throws like `parseFilter`.
 */
export function withTerm(text: string, term: Term): string {
  const filter = parseFilter(text)
  return termsToText(term.negated ? withoutThese(filter, term) : onlyThese(filter, term))
}

function onlyThese(filter: Filter, term: Term): Filter {
  const isReplaced = (other: Term) => !other.negated && other.key === term.key && sameSide(other, term)
  const others = takenBack(filter, term)
  const at = others.findIndex(isReplaced)
  if (at < 0) return [...others, term]
  return others.with(at, term).filter((other, index) => index === at || !isReplaced(other))
}

function withoutThese(filter: Filter, term: Term): Filter {
  const others = takenBack(filter, term)
  const at = others.findIndex(other => other.negated && isAlike(other, term))
  const joined = others[at]
  if (joined === undefined) return [...others, term]
  return others.with(at, { ...joined, values: [...new Set([...joined.values, ...term.values])] })
}

/** Returns the filter without the values of `term` in terms of the opposite sense. */
const takenBack = (filter: Filter, term: Term): Filter =>
  filter.flatMap(other => {
    if (other.negated === term.negated || !isAlike(other, term)) return [other]
    const values = other.values.filter(value => !term.values.includes(value))
    return values.length > 0 ? [{ ...other, values }] : []
  })

const isAlike = (a: Term, b: Term) => a.key === b.key && a.operator === b.operator

/** Returns whether both are equalities, both lower limits, or both upper limits. */
const sameSide = (a: Term, b: Term) => a.operator[0] === b.operator[0]
