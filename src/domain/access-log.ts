import { z } from "zod"

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

const LAST_RFC_3339_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * Formats an instant (ms since the epoch) in RFC 3339 without trailing zeros (contract, section 7); empty for an
 * invalid one.
 */
export const rfc3339 = (ms: number): string =>
  ms > LAST_RFC_3339_MS ? "" : new Date(ms).toISOString().replace(/\.?0+Z$/, "Z")
