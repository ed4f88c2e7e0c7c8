import { type InviteCodeRow, isUsedUp, type OwnInviteCode } from "../../../domain/invite-code.ts"
import type { Account } from "../../../domain/referral.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { textCell } from "../../widgets/cells.ts"
import { bar } from "../../widgets/chart.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { accountCell } from "../account-cell.ts"

/** What a code is good for just now. */
export function inviteState(code: OwnInviteCode): Piece {
  if (!code.is_active) return piece(shown`off`, "dim")
  return isUsedUp(code) ? piece(shown`used up`, "look") : piece(shown`active`, "good")
}

/** `3/10`; of a code without a limit `3`. */
export const usesText = (code: OwnInviteCode): Shown => shown`${grouped(code.use_count)}${limitText(code)}`

const limitText = ({ max_uses }: OwnInviteCode): Shown => (max_uses === 0 ? shown`` : shown`/${grouped(max_uses)}`)

/** How much of the limit is used, in so many columns; nothing where there is none. */
export const usesBar = ({ max_uses, use_count }: OwnInviteCode, columns: number): Shown =>
  max_uses === 0 ? shown`` : bar(use_count / max_uses, columns, "░")

/** Columns of the uses, of the limit behind its slash, and of the bar: each stands below that of the row above. */
const COUNT = 5
const LIMIT = 4
const BAR = 6

/** `    3/10  █▊░░░░`. Longer numbers leave the bar less room, or none. */
function uses(code: OwnInviteCode, room: number): Piece {
  const [count, limit] = [grouped(code.use_count), limitText(code)]
  const numbers = shown`${fit(count, Math.max(COUNT, width(count)), "right")}${fit(limit, Math.max(LIMIT, width(limit)))}`
  const left = room - width(numbers) - 1
  const text = left > 0 ? shown`${numbers} ${usesBar(code, Math.min(BAR, left))}` : usesText(code)
  return piece(text, isUsedUp(code) ? "look" : "plain")
}

/** Whose a code is. */
export const ownerOf = (code: InviteCodeRow): Account => ({
  user_id: code.user_id,
  login: code.user_login,
  username: code.user_name,
  status: code.user_status,
})

const code: Column<OwnInviteCode> = { header: shown`CODE`, width: 12, roomy: 20, cell: row => textCell(row.code) }
const numbers: readonly Column<OwnInviteCode>[] = [
  { header: fit(shown`USES`, COUNT, "right"), width: COUNT + LIMIT + 1 + BAR, cell: uses },
  { header: shown`STATE`, width: 7, roomy: 9, cell: inviteState },
  {
    header: shown`CREATED`,
    width: 10,
    dropAs: 2,
    cell: row => piece(show(row.created_at.slice(0, 10)), "dim"),
  },
]

/** The codes of one person. */
export const ownInviteColumns: readonly Column<OwnInviteCode>[] = [code, ...numbers]

export const inviteColumns: readonly Column<InviteCodeRow>[] = [
  code,
  { header: shown`OWNER`, width: 20, roomy: 28, cell: (row, room) => accountCell(ownerOf(row), room) },
  { header: shown`E-MAIL`, width: "rest", least: 16, roomy: 32, dropAs: 1, cell: row => textCell(row.user_email) },
  ...numbers,
]
