import { DAYS } from "../../../domain/dashboard.ts"
import type { QueuePulse } from "../../../domain/queue.ts"
import type { Flood } from "../../../domain/recent.ts"
import type { Registration } from "../../../domain/registration.ts"
import { fit, type Shown, shown } from "../../../domain/safe-text.ts"
import type { RecentReading } from "../../../services/dashboard/recent-reader.ts"
import type { Deck } from "../../../services/deck.ts"
import type { TailSnapshot } from "../../../tail/protocol.ts"
import { readFromPieces } from "../../kit/read-from.ts"
import type { Size } from "../../kit/screen.ts"
import { sparkline } from "../../widgets/chart.ts"
import { age, grouped, timeOfDay } from "../../widgets/format.ts"
import { filled, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { hanging } from "../../widgets/wrap.ts"
import { registrationPiece } from "../shared/registration.ts"
import { type BreakdownLine, failureLines, type ModelTable, modelTable, statusLines } from "./dashboard-breakdowns.ts"
import { CHART_FRAME, chartLines } from "./dashboard-charts.ts"
import { type Figure, type FigureName, figure, type PartStates, troubles } from "./dashboard-figures.ts"
import { floodPieces } from "./dashboard-flood.ts"
import { gatewayPieces } from "./dashboard-gateway.ts"
import {
  GATEWAY,
  type Lead,
  leadOf,
  leadOfError,
  leadOfFlood,
  leadOfStatus,
  QUEUE,
  REGISTRATION,
} from "./dashboard-leads.ts"
import { queuePieces } from "./dashboard-queue.ts"

/** Content of the dashboard. */
export interface DashboardView {
  readonly parts: PartStates
  readonly tail: TailSnapshot | null
  /** Figures of the queue; undefined where the platform keeps none. */
  readonly queue?: QueuePulse | undefined
  /** Whether registration is open; undefined until it is read, and where the platform does not keep it. */
  readonly registration?: Registration | undefined
  /** Today's failed runs by their class of error; undefined until they are read. */
  readonly failures?: RecentReading | undefined
  /** A flood of new accounts; undefined where there is none. */
  readonly flood?: Flood | undefined
  readonly now: number
  /** Current activity; empty for none. */
  readonly doing: Shown
  /** Where the figures were read, where a replica is to be read. */
  readonly readFrom: ReturnType<Deck["readFrom"]>
}

/** Least columns for figures in pairs, and for breakdowns side by side. */
const PAIRS_FROM = 100
const SIDES_FROM = 80
/** Rows of the bars, where there is room. */
const CHART_ROWS = { least: 3, most: 20 }
/** Age from which a reading says how long ago it was. */
const OLD_MS = 60_000

const PAIRS: readonly (readonly FigureName[])[] = [["users", "active"], ["runs", "orgs"], ["input", "output"], ["cost"]]

interface DashboardLine {
  readonly pieces: readonly Piece[]
  /** Part at its right that is never highlighted. */
  readonly beside?: readonly Piece[]
  /** Identifies a line that leads somewhere. */
  readonly key?: string
  readonly lead?: Lead
}

/** Lines, and a table drawn over the lines that are blank for it. */
export interface DashboardContent {
  readonly lines: readonly DashboardLine[]
  readonly models: PlacedTable
}

/** Table with the line of its first row and its first column. */
export interface PlacedTable extends Pick<ModelTable, "columns" | "rows"> {
  readonly line: number
  readonly column: number
}

/** Draws the dashboard, the most urgent first; more lines than rows on a small terminal. */
export function dashboardContent(view: DashboardView, { columns, rows }: Size): DashboardContent {
  const { parts, now } = view
  const head = [[], ...troubleLines(parts, columns)].map(alone)
  const [live, foot] = [liveLines(view, columns), legend(parts)]
  const besides = head.length + live.length + 1 + foot.length
  const spaced = breakdownsOf(view, columns, [alone([])])
  const arranged = (figures: readonly (readonly FigureName[])[]) => {
    const left = rows - besides - figures.length
    const breakdowns = left >= spaced.lines.length ? spaced : breakdownsOf(view, columns, [])
    const free = left - breakdowns.lines.length
    const gap = free >= 2 ? [alone([])] : []
    const chartRows = Math.min(CHART_ROWS.most, free - 2 * gap.length - CHART_FRAME - 1)
    return { figures, breakdowns, gap, chartRows, hasCharts: chartRows >= CHART_ROWS.least }
  }
  const [paired, single] = [arranged(PAIRS), arranged(PAIRS.flat().map(name => [name]))]
  // Without charts the last days stand beside a figure, for which a pair has no room.
  const isPaired = columns >= PAIRS_FROM && (paired.hasCharts || single.gap.length === 0)
  const { figures, breakdowns, gap, chartRows } = isPaired ? paired : single
  const [room, hasCharts] = isPaired ? [Math.floor(columns / 2), paired.hasCharts] : [columns, false]
  const above = [
    ...head,
    ...gap,
    ...live,
    ...gap,
    ...figures.map(names => {
      const drawn = names.map(name => figureCell(figure(name, parts, now), room, !hasCharts))
      const [first = [], ...others] = drawn
      const lead = leadOf(names[0] as FigureName, parts, now)
      return { pieces: first, beside: others.flat(), ...(lead && { key: names[0] as string, lead }) }
    }),
    alone([]),
    ...(hasCharts ? [...chartLines(parts, now, columns, chartRows).map(alone), alone([])] : []),
  ]
  const [, ...lines] = [...above, ...breakdowns.lines, ...foot.map(alone)]
  return {
    lines: [alone(statusPieces(view, columns, lines.length + 1 - rows)), ...lines],
    models: { ...breakdowns.models, line: above.length + breakdowns.models.line },
  }
}

/** Draws what goes on just now: the gateway's requests, where these are kept the queue and registration, and a flood of new users. */
function liveLines({ tail, queue, registration, flood, now }: DashboardView, columns: number): DashboardLine[] {
  const label = (text: Shown) => piece(fit(shown` ${text}`, LABEL + 2), "dim")
  const gateway = [label(shown`Gateway`), ...gatewayPieces(tail, now, columns - LABEL - 3)]
  const first = { pieces: gateway, key: "gateway", lead: GATEWAY }
  return [
    first,
    ...(queue === undefined
      ? []
      : [{ pieces: [label(shown`Queue`), ...queuePieces(queue)], key: "queue", lead: QUEUE }]),
    ...(registration === undefined
      ? []
      : [
          {
            pieces: [label(shown`Registration`), registrationPiece(registration)],
            key: "registration",
            lead: REGISTRATION,
          },
        ]),
    ...(flood === undefined
      ? []
      : [
          {
            pieces: [label(shown`New users`), ...floodPieces(flood, columns - LABEL - 3)],
            key: "flood",
            lead: leadOfFlood(flood),
          },
        ]),
  ]
}

/** Draws ` Dashboard   3 more below    as of 14:02:30 `: how many lines are out of sight, and the time of the oldest figure. */
function statusPieces({ parts, now, doing, readFrom }: DashboardView, columns: number, below: number): Piece[] {
  const times = Object.values(parts).flatMap(({ reading }) => (reading ? [reading.readAt] : []))
  const oldest = Math.min(...times)
  const old = now - oldest > OLD_MS
  const asOf =
    times.length === 0
      ? shown``
      : shown`as of ${timeOfDay(oldest)}${old ? shown`, ${age(now - oldest)} ago` : shown``} `
  const title = piece(shown` Dashboard`, "strong")
  const more = below > 0 ? [piece(shown`   ${below} more below`, "dim")] : []
  const right = [
    ...(doing === "" ? [] : [piece(shown`${doing} `, "dim")]),
    ...(times.length === 0 ? [] : readFromPieces(readFrom)),
    piece(asOf, old ? "look" : "dim"),
  ]
  const spans = SPANS.map(text => piece(shown`   ${text}`, "dim"))
  const fitting = spans.find(text => piecesWidth([title, ...more, text, ...right]) < columns)
  return spread(fitting ? [title, ...more, fitting] : [title, ...more], right, columns)
}

/** Explanations of days and weeks, the longest first. */
const SPANS = [
  shown`today: since 00:00 UTC; this week: the last 7 days`,
  shown`days are UTC, a week is 7 days`,
  shown`days are UTC`,
]

const troubleLines = (parts: PartStates, columns: number): Piece[][] =>
  troubles(parts).flatMap(text => hanging(piece(shown` `), text, columns - 1, "act"))

const LABEL = 14
const VALUE = 14
const CONTEXT = 20
const CELL = 1 + LABEL + VALUE + 2 + CONTEXT

/** Draws a figure in `room` columns: label, value, context, and the last days where they fit. */
function figureCell({ label, value, context, series }: Figure, room: number, drawn: boolean): Piece[] {
  const [text, tone] = value
  const amount = text === "" ? [] : [piece(shown`${fit(text, VALUE, "right")}`, tone)]
  const pieces = [piece(shown` ${fit(label, LABEL)}`, "dim"), ...amount, piece(shown`  `), context]
  if (!drawn || room < CELL + DAYS) return filled(pieces, room)
  return filled([...filled(pieces, CELL), piece(sparkline(series.length > 0 ? series : NO_DAYS, DAYS), "key")], room)
}

const NO_DAYS = Array.from({ length: DAYS }, () => 0)

/** Draws the breakdowns, with `gap` before the failures. */
function breakdownsOf(
  { parts, failures, now }: DashboardView,
  columns: number,
  gap: readonly DashboardLine[],
): DashboardContent {
  const failed = (room: number): DashboardLine[] =>
    failureLines(failures, now, room).map(line => leading(line, "error", leadOfError(line.of, now)))
  const runsIn = (room: number): DashboardLine[] => [
    ...statusLines(parts, now, room).map(line => leading(line, "status", leadOfStatus(line.of, now))),
    ...(failed(room).length > 0 ? gap : []),
    ...failed(room),
  ]
  if (columns < SIDES_FROM) {
    const above = [...runsIn(columns), alone([])]
    const models = modelTable(parts, now, columns)
    const below = linesOf(models).map(alone)
    return { lines: [...above, ...below], models: { ...models, line: above.length + models.heading.length, column: 0 } }
  }
  const half = Math.floor(columns / 2)
  const left = runsIn(half - 2)
  const models = modelTable(parts, now, columns - half)
  const right = linesOf(models)
  const lines = Array.from({ length: Math.max(left.length, right.length) }, (_, row) => {
    const line = left[row] ?? alone([])
    return { ...line, pieces: filled(line.pieces, half - 2), beside: [piece(shown`  `), ...(right[row] ?? [])] }
  })
  return { lines, models: { ...models, line: models.heading.length, column: half } }
}

/** Returns the lines of a table, blank for its rows. */
const linesOf = ({ heading, rows }: ModelTable): (readonly Piece[])[] => [...heading, ...rows.map(() => [])]

const alone = (pieces: readonly Piece[]): DashboardLine => ({ pieces })

/** Makes a line that leads to what it counts. */
const leading = ({ pieces, of }: BreakdownLine, kind: string, lead: Lead | undefined): DashboardLine =>
  lead === undefined ? { pieces } : { pieces, key: `${kind} ${of}`, lead }

/** Explains `~` where it occurs. */
function legend(parts: PartStates): Piece[][] {
  const estimates = Object.values(parts).flatMap(({ reading }) => (reading && !reading.isExact ? [reading] : []))
  if (estimates.length === 0) return []
  const countedAt = Math.min(...estimates.map(reading => reading.countedAt))
  const missing = estimates.reduce((sum, reading) => sum + reading.missing, 0n)
  const but = missing === 0n ? shown`` : shown` but ${grouped(missing)} rows`
  const text = shown` ~ counted at ${timeOfDay(countedAt)}, and what was added since${but}`
  return [[], [piece(text, "dim"), piece(shown`   =`, "key"), piece(shown` recounts`, "dim")]]
}
