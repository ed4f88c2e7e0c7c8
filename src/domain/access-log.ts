import { z } from "zod"
import type { StreamEntry } from "./stream-entry.ts"

/** One request as the gateway logged it, in the contract's words and units (section 2, `log`). Values stay raw. */
export const accessLogEntry = z.object({
  id: z.string(),
  timestamp: z.string(),
  trace_id: z.string(),
  method: z.string(),
  path: z.string(),
  status_code: z.number().nullable(),
  duration_ms: z.number().nullable(),
  client_ip: z.string(),
  country: z.string(),
  city: z.string(),
  user_agent: z.string(),
  ua_type: z.string(),
  /** 0 to 1; the stream holds whole numbers 0 to 100 (contract, section 4). */
  risk_score: z.number().nullable(),
  identity_type: z.string(),
  org_id: z.string(),
  user_id: z.string(),
  /** Looked up in PostgreSQL; empty when unknown. */
  username: z.string(),
})
export type AccessLogEntry = z.infer<typeof accessLogEntry>

/** The number a stream field holds, or null where it holds none. */
export function streamNumber(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null
  const number = Number(text)
  return Number.isFinite(number) ? number : null
}

/** `raw` in the contract's words; `username` is left empty for the caller to look up. */
export function toAccessLogEntry(raw: StreamEntry): AccessLogEntry {
  const text = (name: string) => raw.get(name) ?? ""
  const risk = streamNumber(raw.get("risk_score"))
  return {
    id: raw.id,
    timestamp: entryTimestamp(raw),
    trace_id: text("trace_id"),
    method: text("method"),
    path: text("path"),
    status_code: streamNumber(raw.get("status")),
    duration_ms: streamNumber(raw.get("duration_ms")),
    client_ip: text("client_ip"),
    country: text("country"),
    city: text("city"),
    user_agent: text("user_agent"),
    ua_type: text("ua_type"),
    risk_score: risk === null ? null : risk / 100,
    identity_type: text("identity_type"),
    org_id: raw.get("org_id") || text("account_id"),
    user_id: text("user_id"),
    username: "",
  }
}

/** The entry's time: whole seconds from its `ts`, where that is a time, and milliseconds always from its id. */
function entryTimestamp(raw: StreamEntry): string {
  const seconds = Date.parse(raw.get("ts") ?? "")
  const ms = Number.isNaN(seconds) ? raw.ms : Math.floor(seconds / 1000) * 1000 + (raw.ms % 1000)
  const time = new Date(ms)
  return Number.isNaN(time.getTime()) ? "" : time.toISOString()
}
