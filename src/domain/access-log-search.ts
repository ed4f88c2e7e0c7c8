import { LOG_FIELDS } from "./access-log-fields.ts"
import { type EntryTest, readerOf } from "./access-log-terms.ts"
import { containing } from "./access-log-values.ts"
import type { StreamEntry } from "./stream-entry.ts"
import { shortIds } from "./uuid.ts"

/** A text that is looked for in the log. */
export interface LogSearch {
  readonly text: string
  /** Ids of the users whose names it means, which the stream does not hold. */
  readonly users: readonly string[]
}

type Read = (entry: StreamEntry) => string

const readers = (...names: readonly string[]) =>
  LOG_FIELDS.filter(({ name }) => names.includes(name)).map(field => readerOf(field) as Read)

const TEXTS = readers("method", "ip", "country", "ua", "agent")
const IDS = readers("user", "org", "trace")
const path = readers("path")[0] as Read

/** From so many characters on, a text may be a part of an id: a row shows no more of one than its beginning. */
const LEAST_OF_ID = 8

/**
 * Returns the test for a request that shows the text, in any case: in method, status, address, country, client, agent or path,
 * or as the name of its user; an id by eight characters of it at least.
 */
export function searchTest({ text, users }: LogSearch): EntryTest {
  const holds = containing(text)
  if (holds === undefined) return () => false
  const isLong = text.length >= LEAST_OF_ID
  const texts: readonly Read[] = isLong ? [path, ...TEXTS, ...IDS] : [entry => shortIds(path(entry)), ...TEXTS]
  const ids = new Set(users)
  return entry => {
    if (holds(String(entry.number("status") ?? ""))) return true
    for (const read of texts) if (holds(read(entry))) return true
    return ids.size > 0 && ids.has(entry.get("user_id") ?? "")
  }
}
