import { type AccessLogEntry, accessLogEntry, rfc3339 } from "./access-log.ts"
import { LOG_FIELDS } from "./access-log-fields.ts"
import { readerOf } from "./access-log-terms.ts"
import { loggedAt } from "./logged-at.ts"
import type { StreamEntry } from "./stream-entry.ts"

const READERS = new Map<string, (raw: StreamEntry) => unknown>([
  ...LOG_FIELDS.map(field => [field.member, readerOf(field)] as const),
  ["timestamp", timestamp],
  ["username", () => ""],
  ["gateway", ({ gateway }) => (gateway === "" ? undefined : gateway)],
])
const MEMBERS = Object.keys(accessLogEntry.shape).map(member => [member, READERS.get(member)] as const)

/** Converts `raw` to the contract's words; `username` is left empty for the caller to look up. */
export function toAccessLogEntry(raw: StreamEntry): AccessLogEntry {
  const entry: Record<string, unknown> = {}
  for (const [member, read] of MEMBERS) {
    const value = read?.(raw)
    if (value !== undefined) entry[member] = value
  }
  return entry as AccessLogEntry
}

/** Returns a time with whole seconds from `ts`, where that is a time, and milliseconds always from the id. */
function timestamp(raw: StreamEntry): string {
  const logged = loggedAt(raw)
  return rfc3339(logged === undefined ? raw.ms : logged + (raw.ms % 1000))
}
