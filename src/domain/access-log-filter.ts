import { type Filter, kindOf, type Term, termOf } from "./access-log-filter-text.ts"
import type { EntryTest, ResolvedUsers } from "./access-log-terms.ts"
import { DeckError } from "./errors.ts"

export { type Filter, filterToText, parseFilter, type Term } from "./access-log-filter-text.ts"
export { TERM_KINDS } from "./access-log-terms.ts"

/** The entries that meet both. */
export function and(a: Filter, b: Filter): Filter {
  return [...a, ...b]
}

/** The values of `user:` terms, which only PostgreSQL can tell the meaning of. */
export function userTerms(filter: Filter): string[] {
  return [...new Set(filter.filter(term => term.key === "user").flatMap(term => term.values))]
}

/** The filter as one test, cheapest terms first. `users` holds what each of `userTerms(filter)` was resolved to. */
export function compileFilter(filter: Filter, users: ResolvedUsers): EntryTest {
  const tests = filter.toSorted((a, b) => kindOf(a.key).cost - kindOf(b.key).cost).map(term => compileTerm(term, users))
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
  const test = kindOf(key).test(value, operator, users)
  if (test === undefined) throw new RangeError(`"${value}" is no value of ${key}`)
  return test
}

/** The contract's filters of `log` (section 2), each of them one term. */
export interface FilterOptions {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly ip?: string | undefined
  readonly country?: string | undefined
  readonly risk_min?: number | undefined
  readonly ua_type?: string | undefined
}

const OPTION_HEADS = {
  method: ["method", ":"],
  path: ["path", ":"],
  ip: ["ip", ":"],
  country: ["country", ":"],
  risk_min: ["risk", ">="],
  ua_type: ["ua", ":"],
} as const satisfies Record<keyof FilterOptions, readonly [Term["key"], Term["operator"]]>

/** The filter that the options mean. Throws DeckError `invalid`, with the option as its field, for a wrong value. */
export function filterFromOptions(options: FilterOptions): Filter {
  return Object.entries(OPTION_HEADS).flatMap(([option, [key, operator]]) => {
    const value = options[option as keyof FilterOptions]
    if (value === undefined) return []
    const kind = kindOf(key)
    if (!kind.test(String(value), operator, new Map())) {
      throw new DeckError("invalid", `must be ${kind.expects}`, { field: option })
    }
    return [termOf(key, String(value), operator)]
  })
}
