import type { CreditsOfOrgs } from "../../../domain/credits.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { showCreditsOf } from "../../../services/credits.ts"
import { type DetailLine, tableLines, textLine } from "../../kit/detail/detail-lines.ts"
import { readingOf, type Section } from "../../kit/detail/detail-section.ts"
import type { Shell } from "../../kit/shell.ts"
import { TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { grouped, shortIds } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { orgCell } from "./org-cell.ts"

const NEWEST = 5

type Balance = CreditsOfOrgs["balances"][number]
type Transaction = CreditsOfOrgs["transactions"][number]

/** Section of the credits of organizations: their balances, and the newest transactions. */
export const creditsSection = <Subject>(orgsOf: (subject: Subject) => readonly string[]): Section<Subject> => ({
  heading: shown`Credits`,
  source: readingOf(
    showCreditsOf,
    subject => ({ org_ids: [...orgsOf(subject)], limit: NEWEST }),
    ({ credits }) => credits,
  ),
  lines: (credits, _, columns) => creditLines(credits as CreditsOfOrgs | null, columns),
})

function creditLines(credits: CreditsOfOrgs | null, columns: number): DetailLine[] {
  if (credits === null) return [textLine(piece(shown`not kept by this platform`, "dim"))]
  const { balances, transactions } = credits
  const [first, second] = balances
  const table = { columns: second === undefined ? ofOneOrg : ofSeveralOrgs, rowKey, open }
  return [
    ...(first !== undefined && second === undefined
      ? [textLine(piece(shown`balance  `, "dim"), piece(grouped(first.balance), "strong"))]
      : tableLines({ columns: balanceColumns, rowKey: orgId, open: openOrg }, balances, columns)),
    ...(transactions.length === 0
      ? [textLine(piece(shown`no transactions`, "dim"))]
      : tableLines(table, transactions, columns)),
  ]
}

const orgId = ({ org_id }: Balance) => org_id
const openOrg = ({ org_id }: Balance, shell: Shell) => shell.open("org", { org_id })

const balanceColumns: readonly Column<Balance>[] = [
  { header: shown``, width: 20, roomy: 30, cell: balance => orgCell(balance.org_name, balance.org_id) },
  { header: shown``, width: 14, align: "right", cell: ({ balance }) => piece(grouped(balance), "strong") },
]

const rowKey = ({ id }: Transaction) => id

/** Opens what the credits were for; else the organization. */
function open({ reference_type: type, reference_id: id, org_id }: Transaction, shell: Shell) {
  if (type === "run" && id !== null) return shell.open("run", { run_id: id })
  if (type === "redemption_code" && id !== null) return shell.open("redemptionCode", { id })
  shell.open("org", { org_id })
}

const amountCell = ({ amount }: Transaction): Piece =>
  amount > 0n ? piece(shown`+${grouped(amount)}`, "good") : piece(grouped(amount))

const beginning: readonly Column<Transaction>[] = [
  { header: shown`TIME`, ...TIME, cell: ({ created_at }, room) => timeCell(created_at, room) },
  { header: shown`AMOUNT`, width: 12, align: "right", cell: amountCell },
  { header: shown`TYPE`, width: 16, roomy: 20, cell: ({ type }) => textCell(type) },
]
const reason: Column<Transaction> = { header: shown`FOR`, width: "rest", least: 10, cell: whatFor }

const ofOneOrg = [...beginning, reason]
const ofSeveralOrgs: readonly Column<Transaction>[] = [
  ...beginning,
  {
    header: shown`ORGANIZATION`,
    width: 16,
    roomy: 24,
    dropAs: 1,
    cell: ({ org_name, org_id }) => orgCell(org_name, org_id),
  },
  reason,
]

function whatFor({ note, reference_type: type, reference_id: id }: Transaction): Piece {
  if (note !== null || id === null) return textCell(note)
  return piece(show([type, shortIds(id)].filter(Boolean).join(" ")), "dim")
}
