import { TERM_KINDS, type TermKind } from "./access-log-terms.ts"
import { OPERATORS, parseTerms, type Term, type TermName } from "./filter-language.ts"

/** Terms that an entry must all meet; without terms, every entry passes. */
export type Filter = readonly Term[]

const KINDS = new Map(TERM_KINDS.map(kind => [kind.key, kind]))
const NO_USERS = new Map()
const NAMES = new Map(
  TERM_KINDS.map((kind): [string, TermName] => [
    kind.key,
    {
      ...kind,
      operators: kind.ordered ? OPERATORS : [":"],
      takes: (value, operator) => kind.test(value, operator, NO_USERS) !== undefined,
    },
  ]),
)

/** What terms of the filter may be called, in the order of the help. */
export const LOG_TERM_NAMES: readonly TermName[] = [...NAMES.values()]

/** Returns the kind of term that `key` names. Throws RangeError if there is none. */
export function termKindOf(key: string): TermKind {
  const kind = KINDS.get(key)
  if (kind === undefined) throw new RangeError(`no term has the key "${key}"`)
  return kind
}

/** Parses a filter of the log (see `filter-language`). Throws DeckError `invalid` with the 0-based `column`. */
export const parseFilter = (text: string): Filter => parseTerms(text, NAMES)
