import { LOG_FIELDS, type LogOption } from "./access-log-fields.ts"
import { type Filter, termKindOf } from "./access-log-filter-text.ts"
import type { ResolvedUsers } from "./access-log-kinds.ts"
import type { EntryTest } from "./access-log-terms.ts"
import { DeckError } from "./errors.ts"
import { type Term, termOf } from "./filter-language.ts"

export { type Filter, parseFilter } from "./access-log-filter-text.ts"
export { TERM_KINDS } from "./access-log-terms.ts"
export { type Term, termsToText as filterToText } from "./filter-language.ts"

/** Returns the filter of the entries that meet both. */
export function and(a: Filter, b: Filter): Filter {
  return [...a, ...b]
}

/** Returns the values of `user:` terms, which only PostgreSQL can resolve. */
export function userTerms(filter: Filter): string[] {
  return [...new Set(filter.filter(term => term.key === "user").flatMap(term => term.values))]
}

/** Compiles the filter to one test, cheapest terms first. `users` has what each of `userTerms(filter)` resolved to. */
export function compileFilter(filter: Filter, users: ResolvedUsers): EntryTest {
  const tests = filter
    .toSorted((a, b) => termKindOf(a.key).cost - termKindOf(b.key).cost)
    .map(term => compileTerm(term, users))
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return entry => {
    for (const test of tests) if (!test(entry)) return false
    return true
  }
}

function compileTerm(term: Term, users: ResolvedUsers): EntryTest {
  const tests = term.values.map(value => testFor(term, value, users))
  const [only] = tests
  if (only !== undefined && tests.length === 1) return term.negated ? entry => !only(entry) : only
  const { negated } = term
  return entry => {
    for (const test of tests) if (test(entry)) return !negated
    return negated
  }
}

function testFor({ key, operator }: Term, value: string, users: ResolvedUsers): EntryTest {
  const test = termKindOf(key).test(value, operator, users)
  if (test === undefined) throw new RangeError(`"${value}" is no value of ${key}`)
  return test
}

/** Filter options of `log` (contract, section 2), each equivalent to one term. */
export type FilterOptions = { readonly [Option in LogOption]?: string | number | undefined }

const FIELD_OF_OPTION = new Map(LOG_FIELDS.map(field => [field.option?.name, field]))

/** Returns the filter of the options. Throws DeckError `invalid`, with the option as its field, for a wrong value. */
export function filterFromOptions(options: FilterOptions): Filter {
  return Object.entries(options).flatMap(([option, value]) => {
    const field = FIELD_OF_OPTION.get(option)
    if (field === undefined || value === undefined) return []
    const { name, expects } = field
    const operator = field.option?.operator ?? ":"
    if (!termKindOf(name).test(String(value), operator, new Map())) {
      throw new DeckError("invalid", `must be ${expects}`, { field: option })
    }
    return [termOf(name, String(value), operator)]
  })
}
