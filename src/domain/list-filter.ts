import type { z } from "zod"
import { DeckError } from "./errors.ts"
import { parseTerms, quotedWhereNeeded, type Term, termOf, termsToText } from "./filter-language.ts"
import { type ListTerm, termsOf } from "./list-terms.ts"

/** A condition of a list, from a term of its filter or from the field that means the same. */
export interface Condition extends Omit<Term, "key"> {
  /** Field of the list's input. */
  readonly field: string
  /** How it was given, for messages: `status:failed`. */
  readonly typed: string
  /** Field of the input that an error is about: `filter`, or the field itself. */
  readonly from: string
}

/** What a list is held to. */
export interface ListFilter {
  /** The text that is searched for; undefined without one. */
  readonly q: string | undefined
  readonly conditions: readonly Condition[]
}

/** Whether the condition says when a period begins: what is older is not read. */
export const beginsPeriod = ({ field, operator }: Condition): boolean => field === "since" && operator !== ">"

/** Values of a list's input by their fields. */
type Given = Readonly<Record<string, unknown>>

/** Reads the filter and the fields of a list's `given` input. Throws DeckError `invalid`, also where they contradict each other. */
export function readListFilter(input: z.ZodObject, given: Given): ListFilter {
  const terms = termsOf(input)
  const parsed = parseListFilter(input, String(given.filter ?? ""))
  const conditions = [
    ...terms.flatMap(term => (term.key === "" ? [] : conditionsOf(term, termGiven(term, given), term.field))),
    ...terms.flatMap(term => (term.key === "" ? [] : conditionsOf(term, parsed, "filter"))),
  ]
  refuseTwice(terms, conditions)
  const typed = searchIn(parsed)
  const q = typeof given.q === "string" && given.q !== "" ? given.q : undefined
  if (q !== undefined && typed !== undefined && q !== typed) {
    throw new DeckError("invalid", `the text is given twice, as ${q} and as ${typed}`, { field: "filter" })
  }
  return { q: q ?? typed, conditions }
}

/** Parses the text of a list's filter. Throws DeckError `invalid` with the 0-based `column`. */
export const parseListFilter = (input: z.ZodObject, text: string): Term[] =>
  parseTerms(text, new Map(termsOf(input).map(term => [term.key, term])))

/** Returns the text of the filter that means these fields. */
export const filterOfFields = (input: z.ZodObject, given: Given): string =>
  termsToText(termsOf(input).flatMap(term => termGiven(term, given)))

/** Returns the value that the filter holds `field` to; undefined unless it is one. */
export function heldValue(input: z.ZodObject, text: string, field: string): string | undefined {
  const key = keyOf(input, field)
  const [only, ...others] = parseListFilter(input, text).filter(term => term.key === key)
  const isOne = only !== undefined && others.length === 0 && !only.negated && only.values.length === 1
  return isOne ? only.values[0] : undefined
}

/** Returns the filter held to `value` in `field`, whatever it was held to before; undefined lets all values in. */
export function withValue(input: z.ZodObject, text: string, field: string, value: string | undefined): string {
  const key = keyOf(input, field)
  const others = parseListFilter(input, text).filter(term => term.key !== key)
  const added = value === undefined ? [] : [termOf(key, value)]
  return termsToText([...others, ...added])
}

const keyOf = (input: z.ZodObject, field: string) => termsOf(input).find(term => term.field === field)?.key ?? field

function termGiven({ key, field, given: operator }: ListTerm, given: Given): Term[] {
  const value = given[field]
  return value === undefined || (key === "" && value === "") ? [] : [termOf(key, String(value), operator)]
}

function conditionsOf({ key, field, read }: ListTerm, terms: readonly Term[], from: string): Condition[] {
  return terms
    .filter(term => term.key === key)
    .map(term => {
      const { operator, values, negated } = term
      return { field, operator, values: values.map(read), negated, typed: termsToText([term]), from }
    })
}

/** Returns the words without a name as one text, as they are typed into a search; undefined for none. */
function searchIn(terms: readonly Term[]): string | undefined {
  const words = terms.filter(({ key }) => key === "").flatMap(({ values }) => values)
  return words.length === 0 ? undefined : words.join(" ")
}

/** A row has one value in a field: two that are both asked for are a mistake, unless they are its two ends. */
function refuseTwice(terms: readonly ListTerm[], conditions: readonly Condition[]): void {
  const side = ({ field, operator }: Condition) => `${field} ${operator.startsWith(">") ? "above" : "below"}`
  const seen = new Map<string, Condition>()
  for (const condition of conditions) {
    if (condition.negated) continue
    const before = seen.get(side(condition))
    if (before === undefined) seen.set(side(condition), condition)
    else if (String(before.values) !== String(condition.values)) {
      const { key, isPlain } = terms.find(({ field }) => field === condition.field) as ListTerm
      const [one, other] = [before, condition].map(({ values }) =>
        values.map(value => quotedWhereNeeded(value)).join(","),
      )
      const either = isPlain ? "" : `; for either of them, write ${key}:${one},${other}`
      throw new DeckError("invalid", `${key} is given twice, as ${one} and as ${other}${either}`, { field: "filter" })
    }
  }
}
