import { LOG_FIELDS } from "./access-log-fields.ts"
import { kindOf } from "./access-log-kinds.ts"
import { type EntryTest, readerOf } from "./access-log-terms.ts"
import { containing } from "./access-log-values.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** A text that is looked for in the log. */
export interface LogSearch {
  readonly text: string
  /** Ids of the users whose names it means, which the stream does not hold. */
  readonly users: readonly string[]
}

/** Fields that are text, each member once; an entry's id is no text. */
const TEXTS = new Map(
  LOG_FIELDS.filter(({ kind, name }) => !kindOf(kind).ordered && name !== "id").map(field => [
    field.member,
    readerOf(field) as (entry: StreamEntry) => string,
  ]),
)

/** Returns the test for a request that has the text in any field, its status, or its user; in any case. */
export function searchTest({ text, users }: LogSearch): EntryTest {
  const holds = containing(text)
  const ids = new Set(users)
  const readers = [...TEXTS.values()]
  if (holds === undefined) return () => false
  return entry => {
    if (holds(String(entry.number("status") ?? ""))) return true
    for (const read of readers) if (holds(read(entry))) return true
    return ids.size > 0 && ids.has(entry.get("user_id") ?? "")
  }
}
