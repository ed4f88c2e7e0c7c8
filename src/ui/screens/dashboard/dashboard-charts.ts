import { byDay, DAYS, dayBefore, type Part, type Sums } from "../../../domain/dashboard.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { barWidths, type ChartSize, columnChart } from "../../widgets/chart.ts"
import { compact, money } from "../../widgets/format.ts"
import { blank, type Piece, piece } from "../../widgets/line.tsx"
import type { PartStates } from "./dashboard-figures.ts"

interface Chart {
  readonly title: Shown
  readonly part: Part
  readonly measure: (day: Sums) => bigint
  readonly value: (amount: bigint) => Shown
}

const CHARTS: readonly Chart[] = [
  { title: shown`Runs`, part: "runs", measure: ({ count }) => count, value: compact },
  { title: shown`Tokens`, part: "usage", measure: ({ input, output }) => input + output, value: compact },
  { title: shown`Cost`, part: "usage", measure: ({ cost }) => cost, value: money },
  { title: shown`New users`, part: "users", measure: ({ count }) => count, value: compact },
]

/** Rows of titles and days. */
export const CHART_FRAME = 2

/** Draws the charts side by side: title and maximum, bars of `rows` rows, first and last day. */
export function chartLines(parts: PartStates, now: number, columns: number, rows: number): Piece[][] {
  const room = Math.floor(columns / CHARTS.length)
  // Bars of one and of two columns beside one another would look like different things.
  const wide = room - 2 < 2 * DAYS ? DAYS : room - 2
  const drawn = CHARTS.map(chart => drawChart(chart, parts, now, { rows, columns: wide }))
  const side = (pieces: (chart: ReturnType<typeof drawChart>) => Piece[], taken = wide) =>
    drawn.flatMap(chart => [piece(shown` `), ...pieces(chart), piece(blank(room - taken - 1))])
  const first = show(dayBefore(now, DAYS - 1).slice(5))
  const days = shown`${first}${fit(shown`today`, wide - width(first), "right")}`
  return [
    side(({ title, most }) => [piece(title, "strong"), piece(fit(most, room - 2 - width(title)), "dim")], room - 2),
    ...Array.from({ length: rows }, (_, row) => side(({ bars }) => barPieces(bars[row] as Shown, wide))),
    side(() => [piece(days, "dim")]),
  ]
}

/** Draws bars, that of the unfinished day in another colour. */
function barPieces(bars: Shown, columns: number): Piece[] {
  const today = columns - (barWidths(DAYS, columns).at(-1) as number)
  return [piece(bars.slice(0, today) as Shown, "dim"), piece(bars.slice(today) as Shown, "key")]
}

function drawChart({ title, part, measure, value }: Chart, parts: PartStates, now: number, size: ChartSize) {
  const days = byDay(parts[part].reading?.days ?? [], now).map(measure)
  const most = days.reduce((a, b) => (b > a ? b : a))
  const bars = columnChart(days.map(Number), size)
  return { title: shown`${title}/day`, most: most === 0n ? shown`` : shown` max ${value(most)}`, bars }
}
