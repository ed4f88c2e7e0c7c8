import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { textCell } from "../../widgets/cells.ts"
import { shortIds, when } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"

/** Who did it, by login or name; null where that is not known. */
export const actorName = (entry: AuditEntry): string | null => entry.actor_login ?? entry.actor_username
/** To whom or what it was done, by name. */
export const targetName = (entry: AuditEntry): string | null => entry.target_username ?? entry.target_id

/** What is told of a change in a few words: the reason, else the fields it changed. */
function why({ metadata, after }: AuditEntry): Piece {
  const reason = member(metadata, "reason")
  if (typeof reason === "string" && reason !== "") return piece(show(reason, 512))
  const result = member(metadata, "result")
  if (typeof result === "string") return piece(show(result, 512), result === "failed" ? "look" : "dim")
  const fields = Object.keys((after as object | null) ?? {})
  return piece(fields.length === 0 ? shown`` : show(fields.join(", "), 512), "dim")
}

/** A member of its own of what may be no object at all: a field may be called `constructor`. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

export const auditColumns: readonly Column<AuditEntry>[] = [
  { header: shown`TIME`, width: 19, cell: entry => piece(when(entry.ts), "dim") },
  { header: shown`ACTION`, width: 21, roomy: 28, cell: entry => textCell(entry.action) },
  {
    header: shown`BY`,
    width: 12,
    roomy: 20,
    cell: entry => textCell(actorName(entry) ?? (entry.actor_user_id && shortIds(entry.actor_user_id))),
  },
  { header: shown`KIND`, width: 16, dropAs: 3, cell: entry => piece(show(entry.target_type ?? ""), "dim") },
  {
    header: shown`TARGET`,
    width: 14,
    roomy: 24,
    dropAs: 2,
    cell: entry => textCell(shortIds(targetName(entry) ?? "")),
  },
  { header: shown`WHY`, width: "rest", roomy: 36, dropAs: 1, cell: why },
]
