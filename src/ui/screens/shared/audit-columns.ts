import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { shortUserName, TIME, textCell, timeCell, type UserNames, userCell } from "../../widgets/cells.ts"
import { shortIds } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { isOfRegistration, whatWasDone } from "./audit-what.ts"
import { member } from "./members.ts"

export const actor = ({ actor_login: login, actor_username: username }: AuditEntry): UserNames => ({ login, username })
/** Returns the target's names; null where the target is no user. */
export const targetUser = ({ target_login: login, target_username: username }: AuditEntry): UserNames => ({
  login,
  username,
})

export const actorName = (entry: AuditEntry): string | null => shortUserName(actor(entry))
export const targetName = (entry: AuditEntry): string | null => shortUserName(targetUser(entry)) ?? entry.target_id

const actorCell = (entry: AuditEntry, room: number): Piece =>
  actorName(entry) === null
    ? textCell(entry.actor_user_id && shortIds(entry.actor_user_id))
    : userCell(actor(entry), room)

/** Draws a user by name, any other target by its id and, as far as there is room, its kind: `email platform setting`, `email setting`. */
function targetCell(entry: AuditEntry, room: number): Piece {
  if (shortUserName(targetUser(entry)) !== null) return userCell(targetUser(entry), room)
  if (isOfRegistration(entry)) return piece(shown`registration`)
  const { target_id: id, target_type: type } = entry
  const name = id && shortHash(shortIds(id))
  const kind = (type ?? "").replaceAll("_", " ")
  const texts = [kind, kind.slice(kind.lastIndexOf(" ") + 1), ""].map(one => [name, one].filter(Boolean).join(" "))
  return textCell(texts.find(text => text.length <= room) ?? name)
}

/** Cuts the SHA-256 of an unknown login. */
const shortHash = (text: string) => text.replace(/^([0-9a-f]{4})[0-9a-f]{60}$/, "$1…")

function why({ metadata }: AuditEntry): Piece {
  const reason = member(metadata, "reason") ?? member(metadata, "note")
  return piece(typeof reason === "string" ? show(reason, 512) : shown``)
}

export const auditColumns: readonly Column<AuditEntry>[] = [
  { header: shown`TIME`, field: "ts", identity: true, ...TIME, cell: (entry, room) => timeCell(entry.ts, room) },
  { header: shown`WHAT`, least: 15, width: 16, roomy: 24, cell: whatWasDone },
  { header: shown`TARGET`, width: 16, roomy: 32, cell: targetCell },
  { header: shown`BY`, width: 12, roomy: 20, cell: actorCell },
  {
    header: shown`ACTION`,
    field: "action",
    width: 21,
    roomy: 28,
    dropAs: 2,
    after: 32,
    cell: entry => textCell(entry.action, "dim"),
  },
  { header: shown`WHY`, width: "rest", roomy: 36, dropAs: 1, cell: why },
]
