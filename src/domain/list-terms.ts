import type { z } from "zod"
import { id, text } from "./fields.ts"
import { type Operator, quotedWhereNeeded, type TermName } from "./filter-language.ts"
import { bare, metaOf } from "./schema.ts"
import { momentOf } from "./time-target.ts"

/** Fields that lists share, and the terms of their filters: each field with a `term` is one. */

/** The filter of a list, typed as words behind its command; `example` is one. */
export const filterText = (example: string) =>
  text.optional().meta({ positional: true, words: true, label: `such as '${example}'` })

/** A user: by id in the field, and by name as well in its term; whom a name stands for is asked of PostgreSQL. */
export const person = id.meta({
  takes: { expects: "an id, a login, a user name or an e-mail address", example: "alice", isName: true },
})

const WHEN =
  "an age such as 90m, 12h, 30d or 2w, a day such as today or 2026-03-01, or a time such as 2026-03-01T12:00:00Z"

/** When the rows of a list begin. Kept as typed: `1d` moves on with the clock. */
export const since = text
  .refine(typed => momentOf(typed, Date.now()) !== undefined, `must be ${WHEN}`)
  .optional()
  .meta({
    label: "only what is newer than this",
    placeholder: "TIME|1d",
    term: "since",
    takes: {
      expects: WHEN,
      example: "1d",
      operators: [":", ">", "<"],
      isPlain: true,
      help: "only what is newer than this; with > only what is older",
    },
  })

/** An amount of something, as it is typed. */
export interface Measure {
  readonly term: string
  /** What its option does, and what its term is for. */
  readonly label: string
  readonly help: string
  /** Description of a value, and one. */
  readonly expects: string
  readonly example: string
  /** Returns the number that a typed value means, as PostgreSQL reads it; undefined where it is none. */
  readonly read: (typed: string) => string | undefined
  /** What to write instead of a value that could mean two amounts. */
  readonly remedy?: (typed: string) => string | undefined
}

/** The least amount in its field; in its term more, less, and the most as well. Kept as typed. */
export const atLeast = ({ term, label, help, expects, example, read, remedy = () => undefined }: Measure) =>
  text
    .refine(typed => read(typed) !== undefined, {
      error: ({ input }) => [`must be ${expects}`, remedy(String(input))].filter(Boolean).join(": "),
    })
    .optional()
    .meta({
      label: `${label} (${expects})`,
      placeholder: "AMOUNT",
      term,
      takes: { expects, example, operators: [">", ">=", "<", "<="], isPlain: true, given: ">=", help, remedy },
    })

/** A term of a list's filter. */
export interface ListTerm extends TermName {
  /** Field of the list's input that means the same; the search where the key is empty. */
  readonly field: string
  /** What it does, for help and documents. */
  readonly help: string
  /** Operator of the term that means the same as the field. */
  readonly given: Operator
  /** Returns a value as the field has it. */
  readonly read: (value: string) => string
}

/** Returns the terms of the filter of a list with this input, in the order of its fields; the search last. */
export function termsOf(input: z.ZodObject): readonly ListTerm[] {
  const known = KNOWN.get(input)
  if (known !== undefined) return known
  const terms = Object.entries(input.shape).flatMap(([field, schema]) => termOf(field, schema as z.ZodType))
  const ordered = terms.toSorted((a, b) => Number(a.key === "") - Number(b.key === ""))
  KNOWN.set(input, ordered)
  return ordered
}

const KNOWN = new WeakMap<z.ZodObject, readonly ListTerm[]>()

function termOf(field: string, schema: z.ZodType): ListTerm[] {
  const { term = field === "q" ? "" : undefined, takes = {}, label = "", placeholder = "" } = metaOf(schema)
  if (term === undefined) return []
  const typed = takes.isName ? nameOr(schema) : schema
  const choices = Object.values((bare(schema)._zod.def as { entries?: Record<string, string> }).entries ?? {})
  const example = quotedWhereNeeded(takes.example ?? choices[0] ?? placeholder)
  const { operators = [":"], given = ":", help = label, remedy } = takes
  const { expects = choices.length > 0 ? choices.join(", ") : undefined } = takes
  return [
    {
      key: term,
      field,
      operators,
      choices,
      expects: expects ?? label,
      example: term === "" ? '"some text"' : `${term}${operators[0]}${example}`,
      isPlain: takes.isPlain ?? term === "",
      ...(remedy && { remedy }),
      help: expects === undefined ? help : `${help} (${expects})`,
      given,
      takes: value => value !== "" && typed.safeParse(value).success,
      read: value => String(typed.parse(value)),
    },
  ]
}

const nameOr = (schema: z.ZodType) => schema.or(text)
