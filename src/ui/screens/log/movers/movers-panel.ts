import type { DimensionKey } from "../../../../domain/movers/dimension-keys.ts"
import { dimensionOf } from "../../../../domain/movers/dimensions.ts"
import type { Mover, MoversSnapshot, MoversSort } from "../../../../domain/movers/movers-snapshot.ts"
import { type Shown, show, shown } from "../../../../domain/safe-text.ts"
import type { TimeWindow } from "../../../../domain/time-window.ts"
import { CELL_BYTES, cellOf, NONE } from "../../../widgets/cells.ts"
import { age, duration, frequency, grouped, percent, shortIds } from "../../../widgets/format.ts"
import { type Piece, piece, piecesWidth, spread } from "../../../widgets/line.tsx"
import { topAround } from "../../../widgets/list.ts"
import { type Column, emphasized, headerPieces, type Layout, layOut, MARK, rowPieces } from "../../../widgets/table.tsx"
import { slowTone } from "../../shared/log-columns.ts"
import { windowShown } from "../changes/windows.ts"
import type { Heading, MoverRow, PanelLine } from "./movers-rows.ts"
import type { MoversState } from "./movers-state.ts"

export interface Panel {
  readonly state: MoversState
  /** Null before the first count. */
  readonly snapshot: MoversSnapshot | null
  readonly lines: readonly PanelLine[]
  /** Index of the selected line; -1 for none. */
  readonly at: number
  readonly names: ReadonlyMap<string, string>
  readonly columns: number
  /** Rows below the title. */
  readonly height: number
  /** The window that is counted, where it is not the last minutes. */
  readonly window: TimeWindow | undefined
  /** Why it could not be counted. */
  readonly failure: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  /** A field has the keyboard: Tab is another key. */
  readonly isTyping: boolean
}

const ORDERS: Readonly<Record<MoversSort, Shown>> = {
  rate: shown`rate`,
  refused: shown`4xx`,
  failed: shown`5xx`,
  p95: shown`p95`,
  change: shown`change`,
}

/** Draws the panel: title, then the movers of each dimension below its heading. */
export function moversPanel(panel: Panel): Piece[][] {
  const { state, snapshot, lines, at, columns, height } = panel
  const title = titlePieces(panel)
  if (snapshot === null) {
    const { window, failure } = panel
    const failed = window !== undefined && failure !== undefined
    return [title, [failed ? piece(shown` ▲ ${show(failure)}`, "act") : piece(shown` counting…`, "dim")]]
  }
  if (lines.length === 0) return [title, [piece(shown` ${noneOf(state.only)} in this time`, "dim")]]
  const top = topAround(at, lines.length, height)
  // The first line is always the heading of the first visible dimension, with the column titles.
  const heading = lines.findLast((line, index) => index <= top && line.kind === "heading") as Heading
  const layout = layOut(moversColumns(titleOf(heading), state.sort), columns)
  const repeated = repeatedNames(panel)
  const inSight = lines.slice(top + 1, top + height)
  // A heading without a row below it says nothing.
  const below = inSight.at(-1)?.kind === "heading" ? inSight.slice(0, -1) : inSight
  return [
    title,
    headerPieces(layout),
    ...below.map((line, index) =>
      line.kind === "heading"
        ? [piece(shown` ${titleOf(line)}`, "key")]
        : rowOf(line.row, layout, top + 1 + index === at, panel, repeated),
    ),
  ]
}

const noneOf = (only: DimensionKey | undefined): Shown =>
  only === undefined ? shown`no requests` : shown`no ${dimensionOf(only).title}`

function titlePieces({ state, snapshot, columns, isTyping, window, now }: Panel): Piece[] {
  const { hasKeyboard, minutes, sort, reversed } = state
  const left = [
    hasKeyboard ? piece(shown`${MARK}movers `, "strong") : piece(shown` movers `, "dim"),
    piece(window ? windowShown(window, now) : shown`${minutes}m`, hasKeyboard ? "strong" : "plain"),
    piece(shown`  by `, "dim"),
    piece(shown`${ORDERS[sort]} ${reversed ? shown`▴` : shown`▾`}`, hasKeyboard ? "strong" : "plain"),
  ]
  const wholeMs = window ? window.untilMs - window.fromMs : minutes * 60_000
  const seen = age(snapshot === null ? wholeMs : snapshot.seenSeconds * 1000)
  const right = [
    ...(seen === age(wholeMs) ? [] : [piece(shown`${seen} seen `, "look")]),
    ...(isTyping ? [] : [piece(shown` Tab `, "key"), ...(hasKeyboard ? [piece(shown`log `, "dim")] : [])]),
  ]
  return piecesWidth(left) + piecesWidth(right) < columns ? spread(left, right, columns) : left
}

function rowOf(
  row: MoverRow,
  layout: Layout<NamedMover>,
  isSelected: boolean,
  { state, names, columns }: Panel,
  repeated: ReadonlySet<string>,
): Piece[] {
  const known = row.key === "user" ? names.get(row.mover.value) : undefined
  const name = known !== undefined && repeated.has(known) ? `${shortIds(row.mover.value)} ${known}` : known
  const how = !isSelected ? "plain" : state.hasKeyboard ? "selected" : "left"
  const isMarked = state.marked?.key === row.key && state.marked.values.includes(row.mover.value)
  return emphasized(rowPieces(layout, { ...row, name }), how, columns, isMarked)
}

/** Returns the names that several users of the panel have: a row says whose it is by the beginning of the id. */
function repeatedNames({ lines, names }: Panel): ReadonlySet<string> {
  const users = lines.flatMap(line => (line.kind === "mover" && line.row.key === "user" ? [line.row.mover.value] : []))
  const known = users.map(user => names.get(user)).filter(name => name !== undefined)
  return new Set(known.filter((name, at) => known.indexOf(name) !== at))
}

/** Returns the heading: `IP  3 of 1 204`, the rows shown of all values. */
function titleOf({ dimension: { key, distinct, isWhole }, rows }: Heading): Shown {
  const { title } = dimensionOf(key)
  if (distinct <= rows) return title
  return shown`${title}  ${rows} of ${grouped(distinct)}${isWhole ? shown`` : shown`+`}`
}

/** Mover with the name of its user, if known. */
interface NamedMover extends MoverRow {
  readonly name: string | undefined
}

/** Least overcount that is shown, as a share. */
const WORTH_TELLING = 0.05

/** Rate that an order sorts by, and its heading; of p95 and of requests it is the rate of requests. */
const RATES: Readonly<Partial<Record<MoversSort, readonly [Shown, (mover: Mover) => Shown]>>> = {
  refused: [shown`4xx/s`, mover => rateCell(mover, mover.refused * certain(mover))],
  failed: [shown`5xx/s`, mover => rateCell(mover, mover.failed * certain(mover))],
  change: [shown`+-/s`, mover => changeOfRate(mover)],
}
const REQUESTS = [shown`req/s`, (mover: Mover) => frequencyOf(mover)] as const

function moversColumns(heading: Shown, sort: MoversSort): readonly Column<NamedMover>[] {
  const [title, rateOf] = RATES[sort] ?? REQUESTS
  return [
    {
      header: heading,
      width: "rest",
      least: 18,
      cell: ({ mover, name }) => piece(show(name ?? shortIds(mover.value), CELL_BYTES)),
    },
    { header: title, width: 6, align: "right", cell: ({ mover }) => piece(rateOf(mover)) },
    {
      header: shown`share`,
      width: 5,
      align: "right",
      dropAs: 3,
      after: 26,
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
}

const frequencyOf = (mover: Mover): Shown => {
  const rate = rateCell(mover, mover.perSecond)
  return mover.error > mover.perSecond * WORTH_TELLING ? shown`~${rate}` : rate
}

/** Returns the rate of those requests that are certainly its own. */
const certain = ({ perSecond, error }: Mover): number => perSecond - error

/** Draws a rate; where it rounds to zero, the number of requests. */
const rateCell = ({ perSecond, count }: Mover, rate: number): Shown =>
  rate > 0 && rate < LOW ? shown`${grouped(Math.max(1, Math.round((rate / perSecond) * count)))} req` : frequency(rate)

/** Lower rates are drawn as `<0.01`. */
const LOW = 0.005

function changeOfRate({ perSecond, before }: Mover): Shown {
  const change = perSecond - (before ?? 0)
  return shown`${change < 0 ? shown`-` : shown`+`}${frequency(Math.abs(change))}`
}

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
