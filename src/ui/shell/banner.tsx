import { alertFigure } from "../../domain/alerts/rule-watch.ts"
import { type Shown, show, shown } from "../../domain/safe-text.ts"
import type { AlertRules } from "../runtime/alert-rules.ts"
import type { NameCache } from "../runtime/names.ts"
import { useStore } from "../runtime/use-store.ts"
import { age, timeOfDay } from "../widgets/format.ts"
import { cutPieces, Line, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import { useFigureNames } from "./figure-names.ts"
import { Rule } from "./frame.tsx"

interface BannerProps {
  readonly alerts: AlertRules
  readonly names: NameCache
  readonly now: number
  readonly columns: number
}

/** Draws the line below the tabs, or an alert in its place, so that nothing moves. */
export function Banner({ alerts, names, now, columns }: BannerProps) {
  useStore(alerts.states)
  const [first, ...others] = alerts.alerts
  const byId = useFigureNames(names, [first])
  if (first === undefined) return <Rule columns={columns} />
  const more = others.length === 0 ? [] : [piece(shown` +${others.length} more `, "act")]
  const right = [...more, piece(shown` !`, "key"), piece(shown` alerts `)]
  const left = cutPieces(
    [
      piece(shown` ▲ ALERT `, "badge-red"),
      piece(shown` ${show(first.rule)} `, "act"),
      piece(shown` now ${show(alertFigure(first, byId))} `, "strong"),
      piece(shown` since ${timeOfDay(first.since)}, ${age((alerts.now ?? now) - first.since)} `, "dim"),
    ],
    columns - piecesWidth(right),
  )
  return <Line pieces={joined(left, right, columns)} columns={columns} />
}

/** Joins both parts with the line. */
function joined(left: readonly Piece[], right: readonly Piece[], columns: number): Piece[] {
  const room = Math.max(0, columns - piecesWidth(left) - piecesWidth(right))
  return [...left, piece("─".repeat(room) as Shown, "dim"), ...right]
}
