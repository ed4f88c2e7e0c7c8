import { LOG_FIELDS, type LogField } from "./access-log-fields.ts"
import { type Held, type Kind, kindOf, type Operator, type ResolvedUsers } from "./access-log-kinds.ts"
import { containing } from "./access-log-values.ts"
import type { StreamEntry } from "./stream-entry.ts"

export type EntryTest = (entry: StreamEntry) => boolean

/** One thing to filter the access log by. Parser, help and matching all read this record. */
export interface TermKind extends Pick<LogField, "expects" | "example">, Pick<Kind<Held>, "cost"> {
  /** As typed before the operator; empty for the bare word. */
  readonly key: string
  /** May be compared with `>=`, `>`, `<=`, `<`. */
  readonly ordered: boolean
  /** What a value is and how it is compared. */
  readonly help: string
  /** The test for one value; undefined when the value is not what is expected. */
  readonly test: (value: string, operator: Operator, users: ResolvedUsers) => EntryTest | undefined
}

/** Every kind of term, in the order of the help. */
export const TERM_KINDS: readonly TermKind[] = [...LOG_FIELDS.map(ofField), bareWord()]

function ofField(field: LogField): TermKind {
  const { name: key, expects, example } = field
  const { test, compared, cost, ordered = false } = kindOf(field.kind)
  const read = readerOf(field)
  const testOf: TermKind["test"] = (value, operator, users) => {
    const holds = test(value, operator, users)
    if (holds === undefined) return undefined
    // Texts and numbers each by a function of their own: one that sees both is slower for either.
    return ordered ? entry => holds(read(entry)) : entry => holds(read(entry))
  }
  const help = compared === undefined ? expects : `${expects}; ${compared}`
  return { key, expects, example, help, cost, ordered, test: testOf }
}

/** Reads the field of an entry, and decodes no other. */
export function readerOf({ kind, member, read }: LogField): (entry: StreamEntry) => Held {
  if (read !== undefined) return read
  return kindOf(kind).ordered ? entry => entry.number(member) : entry => entry.get(member) ?? ""
}

function bareWord(): TermKind {
  const searched = LOG_FIELDS.filter(({ isSearched }) => isSearched)
  const readers = searched.map(readerOf) as ((entry: StreamEntry) => string)[]
  const expects = `text in any of ${searched.map(({ name }) => name).join(", ")}`
  const test = (value: string): EntryTest | undefined => {
    const holds = containing(value)
    if (holds === undefined) return undefined
    return entry => {
      for (const read of readers) if (holds(read(entry))) return true
      return false
    }
  }
  return { key: "", expects, example: '"some text"', help: `${expects}; in any case`, ordered: false, cost: 9, test }
}
