import type { Referred } from "../../../domain/invite-code.ts"
import { shown } from "../../../domain/safe-text.ts"
import { timeCell } from "../../widgets/cells.ts"
import { piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { whoCell } from "./account-cell.ts"
import { personState } from "./states.ts"

/** Columns of invitees and inviters, without titles: each value describes itself. */
export const referredColumns: readonly Column<Referred>[] = [
  { header: shown``, width: 20, roomy: 40, cell: whoCell },
  { header: shown``, width: 9, cell: row => personState(row.status) },
  {
    header: shown``,
    width: 12,
    cell: row => (row.credited ? piece(shown`credited`) : piece(shown`not credited`, "dim")),
  },
  { header: shown``, width: "rest", cell: (row, room) => timeCell(row.created_at, room) },
]
