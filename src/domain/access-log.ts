import { z } from "zod"
import { LOG_FIELDS } from "./access-log-fields.ts"
import { readerOf } from "./access-log-terms.ts"
import type { StreamEntry } from "./stream-entry.ts"

/** Text that a table of requests omits: too long, or secondary. */
const detail = z.string().meta({ detail: true })

/** One request as logged by the gateway, in the contract's words and units (section 2, `log`). Values stay raw. */
export const accessLogEntry = z.object({
  id: z.string(),
  timestamp: z.string(),
  trace_id: detail,
  method: z.string(),
  path: z.string(),
  status_code: z.number().nullable(),
  duration_ms: z.number().nullable(),
  client_ip: z.string(),
  country: z.string(),
  city: detail,
  user_agent: detail,
  ua_type: z.string(),
  /** 0 to 1; the stream holds whole numbers 0 to 100 (contract, section 4). */
  risk_score: z.number().nullable(),
  identity_type: detail,
  org_id: detail,
  user_id: detail,
  /** Looked up in PostgreSQL; empty when unknown. */
  username: z.string(),
})
export type AccessLogEntry = z.infer<typeof accessLogEntry>

const READERS = new Map<string, (raw: StreamEntry) => unknown>([
  ...LOG_FIELDS.map(field => [field.member, readerOf(field)] as const),
  ["timestamp", timestamp],
  ["username", () => ""],
])
const MEMBERS = Object.keys(accessLogEntry.shape).map(member => [member, READERS.get(member)] as const)

/** Converts `raw` to the contract's words; `username` is left empty for the caller to look up. */
export function toAccessLogEntry(raw: StreamEntry): AccessLogEntry {
  const entry: Record<string, unknown> = {}
  for (const [member, read] of MEMBERS) entry[member] = read?.(raw)
  return entry as AccessLogEntry
}

const RFC_3339 = /^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)$/i
const LAST_RFC_3339_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * Formats an instant (ms since the epoch) in RFC 3339 without trailing zeros (contract, section 7); empty for an
 * invalid one.
 */
export const rfc3339 = (ms: number): string =>
  ms > LAST_RFC_3339_MS ? "" : new Date(ms).toISOString().replace(/\.?0+Z$/, "Z")

/** Returns a time with whole seconds from `ts`, where that is a time, and milliseconds always from the id. */
function timestamp(raw: StreamEntry): string {
  const ts = raw.get("ts") ?? ""
  const logged = RFC_3339.test(ts) ? Date.parse(ts) : Number.NaN
  const ms = Number.isNaN(logged) ? raw.ms : Math.floor(logged / 1000) * 1000 + (raw.ms % 1000)
  return rfc3339(ms)
}
