import { z } from "zod"
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

/** Converts `raw` to the contract's words; `username` is left empty for the caller to look up. */
export function toAccessLogEntry(raw: StreamEntry): AccessLogEntry {
  const text = (name: string) => raw.get(name) ?? ""
  return {
    id: raw.id,
    timestamp: timestamp(raw),
    trace_id: text("trace_id"),
    method: text("method"),
    path: text("path"),
    status_code: raw.number("status"),
    duration_ms: raw.number("duration_ms"),
    client_ip: text("client_ip"),
    country: text("country"),
    city: text("city"),
    user_agent: text("user_agent"),
    ua_type: text("ua_type"),
    risk_score: riskScore(raw),
    identity_type: text("identity_type"),
    org_id: orgId(raw),
    user_id: text("user_id"),
    username: "",
  }
}

/** Returns the entry's risk, 0 to 1; null where the stream holds no number. */
export function riskScore(raw: StreamEntry): number | null {
  const percent = riskPercent(raw)
  return percent === null ? null : percent / 100
}

/** Returns the risk as stored in the stream: 0 to 100. */
export const riskPercent = (raw: StreamEntry): number | null => raw.number("risk_score")

/** Returns the organization's id under either generation's field name; empty when the stream holds none. */
export function orgId(raw: StreamEntry): string {
  return raw.get("org_id") || raw.get("account_id") || ""
}

const RFC_3339 = /^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)$/i
const LAST_RFC_3339_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * Formats an instant (ms since the epoch) in RFC 3339 without trailing zeros (contract, section 7); empty for an
 * invalid one.
 */
export const rfc3339 = (ms: number): string =>
  ms > LAST_RFC_3339_MS ? "" : new Date(ms).toISOString().replace(/\.?0+Z$/, "Z")

/** Whole seconds from `ts`, where that is a time, and the milliseconds always from the id. */
function timestamp(raw: StreamEntry): string {
  const ts = raw.get("ts") ?? ""
  const logged = RFC_3339.test(ts) ? Date.parse(ts) : Number.NaN
  const ms = Number.isNaN(logged) ? raw.ms : Math.floor(logged / 1000) * 1000 + (raw.ms % 1000)
  return rfc3339(ms)
}
