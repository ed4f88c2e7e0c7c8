import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { changedFields, member } from "./members.ts"

const BECAME: ReadonlyMap<unknown, Piece> = new Map([
  ["active", piece(shown`activated`, "good")],
  ["suspended", piece(shown`suspended`, "look")],
  ["deleted", piece(shown`deleted`, "act")],
])

/** Whether it opened or closed registration, which is a flag by its id alone. */
export const isOfRegistration = ({ action, metadata }: Pick<AuditEntry, "action" | "metadata">): boolean =>
  action.startsWith("feature_flags.") && member(metadata, "key") === "registration.open"

/** Draws an entry in a word or two: new status, result, or the changed fields. */
export function whatWasDone({ action, metadata, before, after }: AuditEntry): Piece {
  const became = BECAME.get(member(metadata, "new_status"))
  if (became) return became
  const result = member(metadata, "result")
  if (action === "auth.login" && result === "succeeded") return piece(shown`signed in`, "dim")
  if (action === "auth.login" && result === "failed") return piece(shown`sign-in refused`, "look")
  if (action === "users.end_access") return piece(shown`access ended`, "look")
  if (action === "runs.cancel" && result === "requested") return piece(shown`cancel requested`, "look")
  const opens = member(after, "default_value")
  if (isOfRegistration({ action, metadata }) && typeof opens === "boolean")
    return opens ? piece(shown`opened`, "look") : piece(shown`closed`, "look")
  const amount = member(metadata, "amount")
  if (action === "credits.adjust" && typeof amount === "number")
    return piece(amount > 0 ? shown`+${grouped(amount)} credits` : shown`${grouped(amount)} credits`)
  if (typeof result === "string") return piece(show(result, 64))
  const fields = changedFields(before, after)
  const isActive = member(after, "is_active")
  if (fields.length === 1 && typeof isActive === "boolean") {
    return isActive ? piece(shown`switched on`, "good") : piece(shown`switched off`, "look")
  }
  if (fields.length > 0) return piece(show(fields.join(", "), 512))
  const keys = member(metadata, "api_keys")
  if (typeof keys === "number" && keys > 0) return piece(shown`keys revoked`, "look")
  // The last word of the action: its target stands beside.
  return piece(show(action.slice(action.lastIndexOf(".") + 1).replaceAll("_", " "), 64))
}
