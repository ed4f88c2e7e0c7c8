import type { RedemptionCodeRow, RedemptionState } from "../../../domain/redemption-code.ts"
import { fit, type Shown, show, shown } from "../../../domain/safe-text.ts"
import { cellOf, DAY, dayCell, textCell } from "../../widgets/cells.ts"
import { day, fromNow } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { usesColumn } from "../shared/uses.ts"

const TONES: Readonly<Record<RedemptionState, Tone>> = {
  active: "good",
  "used up": "look",
  expired: "look",
  off: "dim",
}

/** Draws the state of a code. */
export const codeState = (state: RedemptionState): Piece => piece(show(state), TONES[state])

/** Columns of a whole code. */
const CODE = 19

/** Widths of a date, and of one with how far it is from now. */
const EXPIRES = { width: 10, roomy: 19 } as const

const expiry = (time: string, room: number): Shown =>
  room < EXPIRES.roomy ? day(time) : shown`${day(time)} ${fit(fromNow(time), 8, "right")}`

export const codeColumns: readonly Column<RedemptionCodeRow>[] = [
  { header: shown`CODE`, field: "code", identity: true, width: CODE, roomy: 21, cell: row => textCell(row.code) },
  { header: shown`TYPE`, field: "type", width: 8, roomy: 12, dropAs: 1, cell: row => textCell(row.type) },
  { header: shown`VALUE`, width: 7, roomy: 12, align: "right", cell: row => textCell(row.value) },
  { ...usesColumn, dropAs: 2 },
  { header: shown`STATE`, width: 7, roomy: 9, cell: row => codeState(row.state) },
  {
    header: shown`EXPIRES`,
    ...EXPIRES,
    dropAs: 3,
    cell: (row, room) => cellOf(row.expires_at, time => expiry(time, room)),
  },
  { header: shown`BATCH`, field: "batch_id", width: "rest", least: 14, roomy: 28, cell: row => textCell(row.batch_id) },
  {
    header: shown`CREATED`,
    field: "created_at",
    ...DAY,
    dropAs: 4,
    cell: (row, room) => dayCell(row.created_at, room),
  },
]
