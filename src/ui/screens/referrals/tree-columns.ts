import type { BranchNode } from "../../../domain/referral.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { linesTo, linesToNode } from "../../kit/tree/tree-row.ts"
import { cellOf, TIME, timeCell } from "../../widgets/cells.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { accountName } from "../shared/account-cell.ts"
import { personState } from "../shared/states.ts"
import { RING } from "./referrals-list.ts"
import type { ReferralRow, RowContent } from "./tree-rows.ts"

function accountPiece(row: ReferralRow, room: number): Piece {
  const { content } = row
  if (content.kind !== "account") return piece(shown``)
  const { node, inRing } = content
  const lines = linesToNode(row, room)
  if (!inRing) return piece(shown`${lines}${accountName(node)}`, node.status === "deleted" ? "dim" : "plain")
  const name = accountName(node)
  const left = room - width(lines) - width(RING) - 1
  return piece(shown`${lines}${fit(name, Math.min(width(name), left))} ${RING}`, "act")
}

/** Draws a row that is no account; its text has the whole row. */
export function otherPiece(row: ReferralRow, content: Exclude<RowContent, { kind: "account" }>, room: number): Piece {
  const lines = linesTo(row, room)
  switch (content.kind) {
    case "back":
      return piece(shown`${lines}${RING} back to ${accountName(content.to)}: a ring of ${grouped(content.ring)}`, "act")
    case "more":
      return piece(shown`${lines}more: Enter reads the next ones`, "key")
    case "reading":
      return piece(shown`${lines}reading…`, "dim")
    case "failed":
      return piece(shown`${lines}▲ ${show(content.failure.message)}`, "act")
  }
}

const own = (as: (node: BranchNode, room: number) => Piece) => (row: ReferralRow, room: number) =>
  row.content.kind === "account" ? as(row.content.node, room) : piece(shown``)

/** Draws a number of a branch; nothing for leaves and for 0. */
const ofBranch = (field: "size" | "suspended" | "deleted" | "credited", tone: Tone = "plain") =>
  own(({ branch }) => {
    const count = branch[field]
    if (count === 0 || (branch.size === 1 && !branch.cut)) return piece(shown``)
    return piece(atLeast(count, branch.cut), tone)
  })

/** Writes a count that may be larger: `20 001+`. */
export const atLeast = (count: number, cut: boolean): Shown => shown`${grouped(count)}${cut ? shown`+` : shown``}`

export const treeColumns: readonly Column<ReferralRow>[] = [
  { header: shown`ACCOUNT`, width: "rest", least: 32, roomy: 60, cell: accountPiece },
  { header: shown`STATUS`, width: 9, cell: own(node => personState(node.status)) },
  {
    header: shown`CREDIT`,
    width: 6,
    dropAs: 3,
    cell: own(({ credited }) => cellOf(credited, yes => (yes ? shown`yes` : shown`no`), credited ? "plain" : "dim")),
  },
  {
    header: shown`INVITED`,
    width: TIME.least,
    roomy: TIME.roomy,
    dropAs: 5,
    cell: own(({ invited_at }, room) => timeCell(invited_at, room)),
  },
  { header: shown`IN ALL`, width: 7, align: "right", cell: ofBranch("size", "strong") },
  { header: shown`SUSPENDED`, width: 9, align: "right", dropAs: 1, after: 35, cell: ofBranch("suspended", "look") },
  { header: shown`DELETED`, width: 7, align: "right", dropAs: 2, cell: ofBranch("deleted", "dim") },
  { header: shown`CREDITED`, width: 8, align: "right", dropAs: 4, cell: ofBranch("credited") },
]
