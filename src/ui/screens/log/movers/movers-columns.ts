import type { Mover } from "../../../../domain/movers/movers-snapshot.ts"
import { type Shown, show, shown } from "../../../../domain/safe-text.ts"
import { CELL_BYTES, cellOf, NONE } from "../../../widgets/cells.ts"
import { duration, frequency, percent, shortIds } from "../../../widgets/format.ts"
import { type Piece, piece } from "../../../widgets/line.tsx"
import type { Column } from "../../../widgets/table.tsx"
import { slowTone } from "../../shared/log-columns.ts"
import type { MoverRow } from "./movers-rows.ts"

/** Mover with the name of its user, if known. */
export interface NamedMover extends MoverRow {
  readonly name: string | undefined
}

/** Least overcount that is shown, as a share. */
const WORTH_TELLING = 0.05

export const moversColumns = (heading: Shown): readonly Column<NamedMover>[] => [
  {
    header: heading,
    width: "rest",
    least: 18,
    cell: ({ mover, name }) => piece(show(name ?? shortIds(mover.value), CELL_BYTES)),
  },
  { header: shown`req/s`, width: 6, align: "right", cell: ({ mover }) => piece(frequencyOf(mover)) },
  {
    header: shown`share`,
    width: 5,
    align: "right",
    dropAs: 3,
    cell: ({ mover }) => piece(percent(mover.share), "dim"),
  },
  {
    header: shown`4xx`,
    width: 4,
    align: "right",
    dropAs: 1,
    cell: ({ mover }) => shareCell(mover.refused, 0.5, "look"),
  },
  { header: shown`5xx`, width: 4, align: "right", cell: ({ mover }) => shareCell(mover.failed, 0.05, "act") },
  {
    header: shown`p95`,
    width: 5,
    align: "right",
    dropAs: 2,
    cell: ({ mover }) => cellOf(mover.p95, duration, slowTone(mover.p95)),
  },
  { header: shown`vs before`, width: 9, align: "right", cell: ({ mover }) => changeCell(mover) },
]

const frequencyOf = ({ perSecond, error }: Mover): Shown =>
  error > perSecond * WORTH_TELLING ? shown`~${frequency(perSecond)}` : frequency(perSecond)

/** Draws a share, dim for none, in `tone` from `worth` on. */
const shareCell = (share: number, worth: number, tone: "look" | "act"): Piece =>
  piece(percent(share), share >= worth ? tone : share > 0 ? "plain" : "dim")

/** Draws the change of the rate: highlighted from twice on, as a factor from ten times on. */
function changeCell({ perSecond, before }: Mover): Piece {
  if (before === null) return NONE
  if (before === 0) return piece(shown`new ▲`, "look")
  const times = perSecond / before
  if (times >= 10) return piece(shown`${Math.round(times)}x ▲`, "look")
  const change = Math.round((times - 1) * 100)
  return piece(shown`${change > 0 ? shown`+` : shown``}${change}%`, times >= 2 ? "look" : "dim")
}
