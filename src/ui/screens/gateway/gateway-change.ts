import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { actorName } from "../shared/audit-columns.ts"
import { whatWasDone } from "../shared/audit-what.ts"
import { member } from "../shared/members.ts"
import { moment } from "./gateway-hits.ts"

/** `Last changed 14:02:31 by alice: risk_reject_threshold (credential stuffing).` `now` is in ms since the epoch. */
export function lastChangeText(entry: AuditEntry, now: number): Shown {
  const who = show(actorName(entry) ?? "somebody", 64)
  const reason = member(entry.metadata, "reason")
  const why = typeof reason === "string" ? shown` (${show(reason, 256)})` : shown``
  return shown`Last changed ${moment(entry.ts, now)} by ${who}: ${whatWasDone(entry)[0]}${why}.`
}
