import type { Sums } from "../../../domain/dashboard.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { bar } from "../../widgets/chart.ts"
import { grouped, money, percent } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { runTone } from "../shared/states.ts"
import { byKey } from "./dashboard-days.ts"
import type { PartState, PartStates } from "./dashboard-figures.ts"

const MOST_ROWS = 6

/** A row of a breakdown, and what it is of: the others together are of nothing in particular. */
export interface BreakdownLine {
  readonly pieces: readonly Piece[]
  readonly of?: string
}

/** The runs that began today by how they stand, the most frequent first. */
export function statusLines(parts: PartStates, now: number, columns: number): BreakdownLine[] {
  return breakdown(parts.runs, now, columns, {
    title: shown`Runs today by status`,
    nothing: shown`no run has begun today`,
    days: 1,
    measure: ({ count }) => count,
    value: grouped,
    tone: runTone,
  })
}

/** The models by what they cost in seven days, the dearest first. */
export function modelLines(parts: PartStates, now: number, columns: number): BreakdownLine[] {
  return breakdown(parts.usage, now, columns, {
    title: shown`Models by cost, 7 days`,
    nothing: shown`nothing was used in seven days`,
    days: 7,
    measure: ({ cost }) => cost,
    value: money,
    tone: () => "key",
  })
}

interface Breakdown {
  readonly title: Shown
  readonly nothing: Shown
  readonly days: number
  readonly measure: (sums: Sums) => bigint
  readonly value: (amount: bigint) => Shown
  readonly tone: (key: string) => Tone
}

interface Row {
  readonly of?: string
  readonly name: Shown
  readonly amount: bigint
  readonly value: Shown
  readonly tone: Tone
}

const SHARE = 5
const BAR_AT_LEAST = 6

/** A title, then a row for each key: name, bar, amount, share of all. */
function breakdown({ reading }: PartState, now: number, columns: number, what: Breakdown): BreakdownLine[] {
  const estimate = reading?.isExact === false ? shown` ~` : shown``
  const title = { pieces: [piece(shown` ${what.title}${estimate}`, "dim")] }
  if (!reading) return [title]
  const rows = rowsOf(byKey(reading.days, now, what.days), what)
  if (rows.length === 0) return [title, { pieces: [piece(shown` ${what.nothing}`, "dim")] }]
  const all = Number(rows.reduce((sum, { amount }) => sum + amount, 0n)) || 1
  const most = Math.max(...rows.map(({ amount }) => Number(amount))) || 1
  const valueWidth = Math.max(...rows.map(({ value }) => width(value)))
  const room = columns - valueWidth - SHARE - 4
  const nameWidth = Math.min(Math.max(...rows.map(({ name }) => width(name))), room - BAR_AT_LEAST)
  return [
    title,
    ...rows.map(row => ({
      ...(row.of === undefined ? {} : { of: row.of }),
      pieces: [
        piece(shown` ${fit(row.name, nameWidth)} `),
        piece(bar(Number(row.amount) / most, room - nameWidth), row.tone),
        piece(shown` ${fit(row.value, valueWidth, "right")}`),
        piece(fit(percent(Number(row.amount) / all), SHARE, "right"), "dim"),
      ],
    })),
  ]
}

function rowsOf(sums: ReadonlyMap<string, Sums>, { measure, value, tone }: Breakdown): Row[] {
  const rowOf = (name: Shown, amount: bigint, tone: Tone): Row => ({ name, amount, value: value(amount), tone })
  const rows = [...sums]
    .map(([key, sum]) => ({ of: key, ...rowOf(key === "" ? shown`-` : show(key, 64), measure(sum), tone(key)) }))
    .sort((a, b) => Number(b.amount - a.amount))
  if (rows.length <= MOST_ROWS) return rows
  const others = rows.slice(MOST_ROWS - 1)
  const amount = others.reduce((sum, row) => sum + row.amount, 0n)
  return [...rows.slice(0, MOST_ROWS - 1), rowOf(shown`${others.length} others`, amount, "dim")]
}
