import { type InviteCodeRow, isUsedUp, type OwnInviteCode } from "../../../domain/invite-code.ts"
import type { Account } from "../../../domain/referral.ts"
import { shown } from "../../../domain/safe-text.ts"
import { DAY, dayCell, textCell } from "../../widgets/cells.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { accountCell } from "./account-cell.ts"
import { usesColumn } from "./uses.ts"

/** Draws the state of a code. */
export function inviteState(code: OwnInviteCode): Piece {
  if (!code.is_active) return piece(shown`off`, "dim")
  return isUsedUp(code) ? piece(shown`used up`, "look") : piece(shown`active`, "good")
}

export const ownerOf = (code: InviteCodeRow): Account => ({
  user_id: code.user_id,
  login: code.user_login,
  username: code.user_name,
  status: code.user_status,
})

const code: Column<OwnInviteCode> = {
  header: shown`CODE`,
  identity: true,
  field: "code",
  width: 12,
  roomy: 20,
  cell: row => textCell(row.code),
}
const numbers: readonly Column<OwnInviteCode>[] = [
  usesColumn,
  { header: shown`STATE`, width: 7, roomy: 9, cell: inviteState },
  {
    header: shown`CREATED`,
    field: "created_at",
    ...DAY,
    dropAs: 2,
    after: 24,
    cell: (row, room) => dayCell(row.created_at, room),
  },
]

/** Columns of one user's codes. */
export const ownInviteColumns: readonly Column<OwnInviteCode>[] = [code, ...numbers]

export const inviteColumns: readonly Column<InviteCodeRow>[] = [
  code,
  { header: shown`OWNER`, width: 20, roomy: 28, cell: (row, room) => accountCell(ownerOf(row), room) },
  { header: shown`E-MAIL`, width: "rest", least: 16, roomy: 32, dropAs: 1, cell: row => textCell(row.user_email) },
  ...numbers,
]
