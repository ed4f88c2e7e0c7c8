import type { ReferralRow } from "../../../domain/referral.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import { listReferrals } from "../../../services/referrals/referrals.ts"
import type { Table } from "../../kit/table/table-model.ts"
import { defineNarrowedTable, defineTable } from "../../kit/table/table-screen.tsx"
import { shortUserName, TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { accountCell } from "../shared/account-cell.ts"

/** Mark of a ring, and of the row where it closes. */
export const RING: Shown = shown`↺`

/** Draws `↺ 4` for a pair in a ring, `of ↺ 4` for an invitee of one of its members. */
function ringCell({ ring, inviter_ring }: ReferralRow): Piece {
  if (ring !== null) return piece(shown`${RING} ${grouped(ring)}`, "act")
  return inviter_ring === null ? piece(shown``) : piece(shown`of ${RING} ${grouped(inviter_ring)}`, "look")
}

export const referralColumns: readonly Column<ReferralRow>[] = [
  {
    header: shown`INVITER`,
    identity: true,
    least: 18,
    width: 20,
    roomy: 28,
    cell: ({ inviter }, room) => accountCell(inviter, room),
  },
  {
    header: shown`INVITEE`,
    identity: true,
    width: "rest",
    least: 18,
    roomy: 28,
    cell: ({ invitee }, room) => accountCell(invitee, room),
  },
  { header: shown`RING`, width: 7, cell: ringCell },
  {
    header: shown`CREDITED`,
    width: 8,
    cell: ({ credited }) => (credited ? piece(shown`yes`) : piece(shown`no`, "dim")),
  },
  { header: shown`CODE`, width: 10, roomy: 16, dropAs: 2, after: 20, cell: ({ code }) => textCell(code, "dim") },
  { header: shown`WHEN`, field: "created_at", ...TIME, dropAs: 1, cell: (row, room) => timeCell(row.created_at, room) },
]

const referrals: Table<typeof listReferrals.input, ReferralRow> = {
  id: "referrals",
  title: "Referrals",
  shortTitle: "Ref",
  tabKey: "6",
  summary: listReferrals.summary,
  operation: listReferrals,
  noun: ["referral", "referrals"],
  rowId: row => row.id,
  open: ({ inviter_user_id, invitee_user_id }, shell) =>
    shell.open("referralTree", { user_id: inviter_user_id, at: invitee_user_id }),
  narrowings: [
    {
      field: "inviter_user_id",
      label: "inviter",
      value: row => row.inviter_user_id,
      name: row => shortUserName(row.inviter),
    },
    { field: "invite_code_id", label: "code", value: row => row.invite_code_id, name: row => row.code },
  ],
  bindings: [
    {
      keys: ["u"],
      label: "user",
      footer: true,
      help: "who was invited",
      possible: ({ selected }) => selected !== undefined,
      run: ({ selected, shell }) => selected && shell.open("user", { id: selected.invitee_user_id }),
    },
  ],
  columns: referralColumns,
}

/** List of referrals. */
export const referralsScreen = defineTable(referrals)

/** List of the referrals of one inviter or invite code. */
export const referralsOfScreen = defineNarrowedTable(referrals)
