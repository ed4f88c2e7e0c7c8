import { LOG_FIELDS, type LogField, SEARCHED_FIELDS } from "./access-log-fields.ts"
import { type Held, type Kind, kindOf, type ResolvedUsers } from "./access-log-kinds.ts"
import { containing } from "./access-log-values.ts"
import type { Operator } from "./filter-language.ts"
import type { StreamEntry } from "./stream-entry.ts"

export type EntryTest = (entry: StreamEntry) => boolean

/** Kind of term. Parser, help and matching all read this record. */
export interface TermKind extends Pick<LogField, "expects" | "example" | "choices">, Pick<Kind<Held>, "cost"> {
  /** Key typed before the operator; empty for the bare word. */
  readonly key: string
  /** Whether it may be compared with `>=`, `>`, `<=`, `<`. */
  readonly ordered: boolean
  /** Description of a value and of how it is compared. */
  readonly help: string
  /** Returns the test for one value; undefined when the value is invalid. */
  readonly test: (value: string, operator: Operator, users: ResolvedUsers) => EntryTest | undefined
}

/** Kinds of terms, in the order of the help. */
export const TERM_KINDS: readonly TermKind[] = [...LOG_FIELDS.map(ofField), bareWord()]

function ofField(field: LogField): TermKind {
  const { name: key, expects, example, choices = [] } = field
  const { test, compared, cost, ordered = false } = kindOf(field.kind)
  const read = readerOf(field)
  const testOf: TermKind["test"] = (value, operator, users) => {
    const holds = test(value, operator, users)
    if (holds === undefined) return undefined
    // Separate functions for texts and numbers: one that sees both is slower for each.
    return ordered ? entry => holds(read(entry)) : entry => holds(read(entry))
  }
  const help = compared === undefined ? expects : `${expects}; ${compared}`
  return { key, expects, example, choices, help, cost, ordered, test: testOf }
}

/** Returns a reader of the field, which decodes no other field of an entry. */
export function readerOf({ kind, member, read }: LogField): (entry: StreamEntry) => Held {
  if (read !== undefined) return read
  return kindOf(kind).ordered ? entry => entry.number(member) : entry => entry.get(member) ?? ""
}

function bareWord(): TermKind {
  const readers = SEARCHED_FIELDS.map(readerOf) as ((entry: StreamEntry) => string)[]
  const expects = `text in any of ${SEARCHED_FIELDS.map(({ name }) => name).join(", ")}`
  const test = (value: string): EntryTest | undefined => {
    const holds = containing(value)
    if (holds === undefined) return undefined
    return entry => {
      for (const read of readers) if (holds(read(entry))) return true
      return false
    }
  }
  return {
    key: "",
    expects,
    example: '"some text"',
    help: `${expects}; case-insensitive`,
    ordered: false,
    cost: 9,
    test,
  }
}
