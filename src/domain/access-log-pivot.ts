import type { AccessLogEntry } from "./access-log.ts"
import { LOG_FIELDS } from "./access-log-fields.ts"
import { type Filter, filterToText, parseFilter, type Term, termKindOf, termOf } from "./access-log-filter-text.ts"
import { kindOf } from "./access-log-kinds.ts"

/** Anybody may write anything into the stream; longer values are none that a filter line could show. */
const LONGEST = 200
const NO_USERS = new Map()

/** The terms that an entry meets, each of which a filter can be narrowed by; what it says nothing of is left out. */
export function entryTerms(entry: AccessLogEntry): Term[] {
  return LOG_FIELDS.flatMap(({ name, kind, member }) => {
    const { groups, pivot = ":", isFound = () => true } = kindOf(kind)
    const { test } = termKindOf(name)
    return Object.values(groups)
      .map(group => group(entry[member]))
      .filter(value => value !== "" && value.length <= LONGEST && isFound(value) && test(value, pivot, NO_USERS))
      .map(value => termOf(name, value, pivot))
  })
}

/**
 * The filter's text with one term more. "Only this" takes the place of what was wanted of the same key, since no entry has
 * two addresses; "not this" joins what is left out already. The two take back one another. Throws as `parseFilter` does.
 */
export function withTerm(text: string, term: Term): string {
  const filter = parseFilter(text)
  return filterToText(term.negated ? withoutThese(filter, term) : onlyThese(filter, term))
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

/** Without the values of `term` where they are asked for in the opposite sense. */
const takenBack = (filter: Filter, term: Term): Filter =>
  filter.flatMap(other => {
    if (other.negated === term.negated || !isAlike(other, term)) return [other]
    const values = other.values.filter(value => !term.values.includes(value))
    return values.length > 0 ? [{ ...other, values }] : []
  })

const isAlike = (a: Term, b: Term) => a.key === b.key && a.operator === b.operator

/** Both say what is so, both the least, or both the most. */
const sameSide = (a: Term, b: Term) => a.operator[0] === b.operator[0]
