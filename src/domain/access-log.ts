import { z } from "zod"

/** Text that a table of requests omits: too long, or secondary. */
const detail = z.string().meta({ detail: true })

/** One request as logged by the gateway, in the contract's words and units (section 2, `log`). Values stay raw. */
export const accessLogEntry = z.object({
  id: z.string(),
  /** Name of the gateway; absent where the deployment has one, which nobody named (contract, section 10). */
  gateway: z.string().optional(),
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

/**
 * Returns the time of an entry as people are shown it. `timestamp` has the seconds of the gateway and the milliseconds of the
 * id (contract, section 2): of an entry that was added just after its second had passed, these together go back by a second.
 */
export function shownTime({ id, timestamp }: Pick<AccessLogEntry, "id" | "timestamp">): string {
  const added = Number(id.split("-")[0])
  return added - Date.parse(timestamp) === 1_000 ? rfc3339(added) : timestamp
}
