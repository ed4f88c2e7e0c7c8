import { byKey, type Sums } from "../../../domain/dashboard.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { RecentReading } from "../../../services/dashboard/recent-reader.ts"
import { bar } from "../../widgets/chart.ts"
import { age, grouped, money, percent } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { SmallColumn } from "../../widgets/small-table.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { runTone } from "../shared/states.ts"
import type { PartState, PartStates } from "./dashboard-figures.ts"

const MOST_ROWS = 6
/** Failures stand below the statuses, where there is less room. */
const MOST_FAILURES = 4
/** Age from which failures say how old they are. */
const OLD_MS = 60_000

/** Line of a breakdown, and its key; the rest together has none. */
export interface BreakdownLine {
  readonly pieces: readonly Piece[]
  readonly of?: string
}

const STATUSES: Breakdown = {
  title: shown`Runs today by status`,
  nothing: shown`no runs today`,
  days: 1,
  measure: ({ count }) => count,
}

/** Days over which models are summed up, today included. */
export const MODEL_DAYS = 7

const MODELS: Breakdown = {
  title: shown`Models by cost, ${MODEL_DAYS} days`,
  nothing: shown`no usage in ${MODEL_DAYS} days`,
  days: MODEL_DAYS,
  measure: ({ cost }) => cost,
}

/** Draws the runs that began today by status, the most frequent first. */
export function statusLines({ runs }: PartStates, now: number, columns: number): BreakdownLine[] {
  const rows = rowsOf(amountsOf(runs, now, STATUSES), grouped)
  return [...headingOf(runs, rows, STATUSES).map(pieces => ({ pieces })), ...barLines(rows, columns, runTone)]
}

/** Draws the runs that began today and failed by their class of error, the most frequent first; nothing without any. */
export function failureLines(reading: RecentReading | undefined, now: number, columns: number): BreakdownLine[] {
  const amounts = [...(reading?.counts ?? [])].map(([of, amount]) => ({ of, amount }))
  if (reading === undefined || amounts.length === 0) return []
  const rows = rowsOf(amounts, grouped, shown`no class`, MOST_FAILURES)
  const old = now - reading.readAt
  const since = old > OLD_MS ? shown`, ${age(old)} ago` : shown``
  return [
    { pieces: [piece(shown` Failures today by error${since}`, "dim")] },
    ...barLines(rows, columns, () => runTone("failed")),
  ]
}

function barLines(rows: readonly Row[], columns: number, toneOf: (key: string) => Tone): BreakdownLine[] {
  const widths = widthsOf(rows, columns)
  return rows.map(row => ({
    ...(row.of === undefined ? {} : { of: row.of }),
    pieces: [
      piece(shown` ${fit(row.name, widths.name)} `),
      piece(bar(row.length, widths.bar), row.of === undefined ? "dim" : toneOf(row.of)),
      piece(shown` ${fit(row.value, widths.value, "right")}`),
      piece(shown` ${fit(row.share, widths.share, "right")}`, "dim"),
    ],
  }))
}

/** Small table with lines above it. */
export type ModelTable = ReturnType<typeof modelTable>

/** Returns the models by cost in seven days, the most expensive first. */
export function modelTable({ usage }: PartStates, now: number, columns: number) {
  const rows = rowsOf(amountsOf(usage, now, MODELS), money)
  const widths = widthsOf(rows, columns)
  const small: readonly SmallColumn[] = [
    { key: "name", width: widths.name, tone: "plain" },
    { key: "bar", width: widths.bar, tone: "key" },
    { key: "value", width: widths.value, tone: "plain", align: "right" },
    { key: "share", width: widths.share, tone: "dim", align: "right" },
  ]
  return {
    heading: headingOf(usage, rows, MODELS),
    columns: small,
    rows: rows.map(({ name, length, value, share }) => ({ name, bar: bar(length, widths.bar), value, share })),
  }
}

interface Breakdown {
  readonly title: Shown
  readonly nothing: Shown
  readonly days: number
  readonly measure: (sums: Sums) => bigint
}

/** Amount of a key. */
interface Amount {
  readonly of: string
  readonly amount: bigint
}

interface Row {
  /** Key; undefined for the rest together. */
  readonly of?: string
  readonly name: Shown
  readonly value: Shown
  /** Share of the total, as which its bar is drawn: bars of all breakdowns are to one scale. */
  readonly length: number
  readonly share: Shown
}

const SHARE = 4
const BAR_AT_LEAST = 6

/** Draws the title and, for an empty breakdown, a note. */
function headingOf({ reading }: PartState, rows: readonly Row[], { title, nothing }: Breakdown): Piece[][] {
  const estimate = reading?.isExact === false ? shown` ~` : shown``
  const heading = [piece(shown` ${title}${estimate}`, "dim")]
  return reading && rows.length === 0 ? [heading, [piece(shown` ${nothing}`, "dim")]] : [heading]
}

const amountsOf = ({ reading }: PartState, now: number, { days, measure }: Breakdown): Amount[] =>
  [...byKey(reading?.days ?? [], now, days)].map(([key, sums]) => ({ of: key, amount: measure(sums) }))

/** Makes a row for each key, the highest amount first; too many are combined. `none` is the name of the empty key. */
function rowsOf(given: readonly Amount[], value: (amount: bigint) => Shown, none = shown`-`, most = MOST_ROWS): Row[] {
  const amounts = given
    .map(({ of, amount }) => ({ of, name: of === "" ? none : show(of, 64), amount }))
    .sort((a, b) => Number(b.amount - a.amount))
  const all = sumOf(amounts)
  const kept = amounts.length <= most ? amounts : amounts.slice(0, most - 1)
  const others = amounts.slice(kept.length)
  const together = others.length === 0 ? [] : [{ name: shown`${others.length} others`, amount: sumOf(others) }]
  const rows = [...kept, ...together]
  return rows.map(({ amount, ...row }) => {
    const share = Number(amount) / (Number(all) || 1)
    return { ...row, value: value(amount), length: share, share: percent(share) }
  })
}

const sumOf = (rows: readonly { readonly amount: bigint }[]) => rows.reduce((sum, { amount }) => sum + amount, 0n)

/** Returns the columns of each part: names take what they need, bars the rest. A blank precedes each. */
function widthsOf(rows: readonly Row[], columns: number): Readonly<Record<"name" | "bar" | "value" | "share", number>> {
  const value = Math.max(0, ...rows.map(row => width(row.value)))
  const room = columns - value - SHARE - 5
  const name = Math.min(Math.max(0, ...rows.map(row => width(row.name))), room - BAR_AT_LEAST)
  return { name, bar: room - name, value, share: SHARE }
}
