import { isOfLog, parseAlertRule } from "../../domain/alerts/alert-rule.ts"
import { MEASURED_S } from "../../domain/alerts/measure.ts"
import { type Alert, alertFigure } from "../../domain/alerts/rule-watch.ts"
import type { QueuePulse } from "../../domain/queue.ts"
import { lagOf, type Replica } from "../../domain/replica.ts"
import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import { spanOf } from "../../domain/span.ts"
import type { AlertRules } from "../runtime/alert-rules.ts"
import type { ChangeGuard } from "../runtime/change-guard.ts"
import type { IncidentWatch, OpenIncident } from "../runtime/incident-watch.ts"
import type { NameCache } from "../runtime/names.ts"
import type { QueueWatch } from "../runtime/periodic-look.ts"
import { useStore } from "../runtime/use-store.ts"
import { age, grouped, timeOfDay } from "../widgets/format.ts"
import { cutPieces, Line, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import { useFigureNames } from "./figure-names.ts"
import { Rule } from "./frame.tsx"

interface BannerProps {
  readonly guard: ChangeGuard
  readonly alerts: AlertRules
  readonly queue: QueueWatch
  readonly incidents: IncidentWatch
  readonly names: NameCache
  readonly now: number
  readonly columns: number
}

/**
 * Draws the line below the tabs; in its place, so that nothing moves, a queue that nobody works on, alerts, a replica where nothing
 * can be changed, and the open incident. The top line says that it is a replica as well, where an alert takes the room.
 */
export function Banner({ guard, alerts, queue, incidents, names, now, columns }: BannerProps) {
  useStore(alerts.states)
  const incident = useStore(incidents.states)
  const { replica } = useStore(guard.states)
  const stuck = stuckPieces(useStore(queue.states), alerts.alerts.length > 0 || replica !== undefined)
  const [first, ...others] = alerts.alerts
  const byId = useFigureNames(names, [first])
  if (first === undefined) {
    const left = [...stuck, ...(replica ? replicaPieces(replica) : [])]
    const right = incident ? incidentPieces(incident, now, columns - piecesWidth(left)) : []
    if (left.length === 0) return <Rule columns={columns} notice={right} />
    return <Line pieces={joined(cutPieces(left, columns - piecesWidth(right)), right, columns)} columns={columns} />
  }
  const more = others.length === 0 ? [] : [piece(shown` +${others.length} more `, "act")]
  const right = [
    ...(incident ? [piece(shown` ◆ ${show(incident.id)} `, "look")] : []),
    ...more,
    piece(shown` !`, "key"),
    piece(shown` alerts `),
  ]
  const left = cutPieces(
    [
      ...stuck,
      piece(shown` ▲ ALERT `, "badge-red"),
      piece(shown` ${show(first.rule)} `, "act"),
      piece(shown` ${windowOf(first)} ${show(alertFigure(first, byId))} `, "strong"),
      piece(shown` since ${timeOfDay(first.since)}, ${age((alerts.now ?? now) - first.since)} `, "dim"),
    ],
    columns - piecesWidth(right),
  )
  return <Line pieces={joined(left, right, columns)} columns={columns} />
}

/** Names the time that the figure is of: the header of the log, just below, is of a minute. */
const windowOf = ({ rule }: Alert): Shown => (isOfLog(parseAlertRule(rule)) ? shown`${MEASURED_S}s:` : shown`now`)

/** Draws ready jobs that no worker alive can take; in few words beside others. */
function stuckPieces(pulse: QueuePulse | null | undefined, isBrief: boolean): Piece[] {
  if (!pulse || pulse.stuck === 0) return []
  const badge = piece(shown` ▲ QUEUE `, "badge-red")
  if (isBrief) return [badge, piece(shown` ${grouped(pulse.stuck)} stuck `, "act")]
  const jobs = pulse.stuck === 1 ? shown`1 job is ready` : shown`${grouped(pulse.stuck)} jobs are ready`
  return [
    badge,
    piece(shown` ${jobs}, no worker alive can take ${pulse.stuck === 1 ? shown`it` : shown`them`}, `, "act"),
    piece(shown`oldest ${age(pulse.oldest_s * 1000)} `, "dim"),
  ]
}

const replicaPieces = (replica: Replica): Piece[] => [
  piece(shown` replica, ${show(lagOf(replica))}: nothing can be changed here `, "look"),
]

/** Least columns of what is wrong, beside the id and the time. */
const LEAST_TEXT = 12

/** Draws the open incident quietly: its text as far as there is room. */
function incidentPieces({ id, text, since }: OpenIncident, now: number, columns: number): Piece[] {
  const lasts = show(spanOf(now - Date.parse(since)))
  const ends = [piece(shown` ${lasts}  `, "dim"), piece(shown`W`, "key"), piece(shown` `)]
  const head = piece(shown` ◆ incident ${show(id)}`, "look")
  const room = columns - piecesWidth([head, ...ends]) - 3
  if (room < LEAST_TEXT) return [head, ...ends]
  const said = show(text, 512)
  return [
    head,
    piece(shown`: `, "look"),
    piece(fit(said, Math.min(room, width(said)))),
    piece(shown`,`, "dim"),
    ...ends,
  ]
}

/** Joins both parts with the line. */
function joined(left: readonly Piece[], right: readonly Piece[], columns: number): Piece[] {
  const room = Math.max(0, columns - piecesWidth(left) - piecesWidth(right))
  return [...left, piece("─".repeat(room) as Shown, "dim"), ...right]
}
