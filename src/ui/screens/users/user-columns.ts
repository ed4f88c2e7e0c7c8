import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { UserRow } from "../../../domain/user.ts"
import { cellOf, NONE, textCell } from "../../widgets/cells.ts"
import { age, day } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { accountState } from "../shared/states.ts"

/** Draws an address after a tick when it is verified, so that a long one does not hide it. */
const email = ({ email, email_verified_at }: UserRow): Piece =>
  email === null
    ? piece(shown`  -`, "dim")
    : piece(shown`${email_verified_at === null ? shown` ` : shown`✓`} ${show(email, 512)}`)

/** Most columns of an organization's name where others follow. */
const NAME_ROOM = 12

/** Draws the first organization and the number of others: `Acme +1`. */
function organizations({ orgs }: UserRow): Piece {
  const [first, ...others] = orgs
  if (first === undefined) return NONE
  const name: Shown = show(first.name, 512)
  return piece(others.length === 0 ? name : shown`${fit(name, Math.min(width(name), NAME_ROOM))} +${others.length}`)
}

export const userColumns: readonly Column<UserRow>[] = [
  { header: shown`LOGIN`, width: 20, roomy: 28, cell: user => textCell(user.login) },
  { header: shown`NAME`, width: 18, roomy: 24, dropAs: 1, cell: user => textCell(user.username) },
  { header: shown`  E-MAIL`, width: "rest", least: 26, roomy: 40, cell: email },
  { header: shown`STATUS`, width: 9, cell: user => accountState(user.status) },
  {
    header: shown`LAST SEEN`,
    width: 9,
    align: "right",
    dropAs: 2,
    cell: user => cellOf(user.last_seen_at, seen => age(Date.now() - Date.parse(seen))),
  },
  { header: shown`SINCE`, width: 10, dropAs: 3, cell: user => piece(day(user.created_at), "dim") },
  { header: shown`ORGS`, width: 16, dropAs: 4, cell: organizations },
]
