import { nameOrId } from "../../../domain/name-or-id.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { UserRow } from "../../../domain/user.ts"
import { cellOf, DAY, dayCell, NONE, TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { age, shortIds } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { accountState } from "../shared/states.ts"

/** Draws an address after a tick when it is verified, so that a long one does not hide it. */
const email = ({ email, email_verified_at }: UserRow): Piece =>
  email === null
    ? piece(shown`  -`, "dim")
    : piece(shown`${email_verified_at === null ? shown` ` : shown`✓`} ${show(email, 512)}`)

/** Draws the first organization and the number of others: `Acme +1`. */
function organizations({ orgs }: UserRow, room: number): Piece {
  const [first, ...others] = orgs
  if (first === undefined) return NONE
  const name: Shown = show(nameOrId(first.name, shortIds(first.org_id)), 512)
  if (others.length === 0) return piece(name)
  const more = shown` +${others.length}`
  return piece(shown`${fit(name, Math.min(width(name), room - width(more)))}${more}`)
}

/** Draws the age alone where there is no room for the time beside it. */
const lastSeen = ({ last_seen_at: time }: UserRow, room: number): Piece =>
  room < TIME.width ? cellOf(time, seen => age(Date.now() - Date.parse(seen))) : timeCell(time, TIME.width)

export const userColumns: readonly Column<UserRow>[] = [
  { header: shown`LOGIN`, identity: true, width: 20, roomy: 24, cell: user => textCell(user.login) },
  { header: shown`NAME`, field: "username", width: 16, roomy: 24, dropAs: 1, cell: user => textCell(user.username) },
  { header: shown`  E-MAIL, ✓ verified`, field: "email", width: "rest", least: 26, roomy: 40, cell: email },
  { header: shown`STATUS`, field: "status", width: 9, cell: user => accountState(user.status) },
  {
    header: shown`LAST SEEN`,
    width: 9,
    roomy: TIME.width,
    align: "right",
    dropAs: 2,
    after: 28,
    cell: lastSeen,
  },
  {
    header: shown`SINCE`,
    field: "created_at",
    ...DAY,
    dropAs: 3,
    after: 30,
    cell: (user, room) => dayCell(user.created_at, room),
  },
  { header: shown`ORGS`, width: 16, roomy: 24, dropAs: 4, after: 34, cell: organizations },
]
