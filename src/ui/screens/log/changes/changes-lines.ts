import { countedDimension } from "../../../../domain/log-counts/counted-dimensions.ts"
import type {
  ChangedValue,
  ComparedOutcome,
  HeldOutcomes,
  WhatChanged,
  WindowOutcomes,
} from "../../../../domain/log-counts/what-changed.ts"
import { fit, type Shown, show, shown } from "../../../../domain/safe-text.ts"
import { spanOf } from "../../../../domain/span.ts"
import type { TimeWindow } from "../../../../domain/time-window.ts"
import { CELL_BYTES, endsCell, NONE } from "../../../widgets/cells.ts"
import { bar } from "../../../widgets/chart.ts"
import { grouped, percent, rate, shortIds, timeOfDay } from "../../../widgets/format.ts"
import { type Piece, piece, piecesWidth, spread, spreadKeeping } from "../../../widgets/line.tsx"
import type { Column } from "../../../widgets/table.tsx"
import type { Baseline } from "./windows.ts"
import { windowShown } from "./windows.ts"

interface Told {
  readonly after: TimeWindow
  readonly before: TimeWindow
  readonly answer: WhatChanged | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly columns: number
}

export const BASELINES: Readonly<Record<Baseline, string>> = {
  before: "the time before",
  yesterday: "yesterday",
  typed: "the window typed",
}

/** Draws ` What changed   03:02 to 03:07 against 02:02 to 03:02          failed 0.2% → 31%`. */
export function titlePieces({ after, before, answer, now, columns }: Told): Piece[] {
  const left = [
    piece(shown` What changed   `, "strong"),
    piece(windowShown(after, now)),
    piece(shown` against `, "dim"),
    piece(windowShown(before, after.fromMs)),
  ]
  const right = answer === undefined ? [] : [...sumPieces(answer), piece(shown` `)]
  if (piecesWidth(left) + piecesWidth(right) < columns) return spread(left, right, columns)
  return spreadKeeping(left.slice(1).with(0, piece(shown` ${windowShown(after, now)}`, "strong")), right, columns)
}

const OUTCOMES: Readonly<Record<Exclude<ComparedOutcome, "all">, readonly [name: Shown, tone: "look" | "act"]>> = {
  refused: [shown`refused`, "look"],
  failed: [shown`failed`, "act"],
}

function sumPieces({ of, before, after, by_chance }: WhatChanged): Piece[] {
  if (of === "all") {
    const [was, is] = [before.requests / before.seconds, after.requests / after.seconds]
    return [piece(shown`requests ${rate(was)} → ${rate(is)}`, by_chance ? "dim" : "strong")]
  }
  const [name, tone] = OUTCOMES[of]
  const share = (outcomes: WindowOutcomes) => finePercent(outcomes[of] / (outcomes.requests || 1))
  return [piece(shown`${name} ${share(before)} → ${share(after)}`, by_chance ? "dim" : tone)]
}

/** Formats a share, below a tenth with one decimal: `0.2%`. */
const finePercent = (share: number): Shown =>
  share >= 0.0005 && share < 0.0995 ? show(`${(share * 100).toFixed(1)}%`) : percent(share)

const NOUNS: Readonly<Record<ComparedOutcome, Shown>> = {
  all: shown`all requests`,
  refused: shown`refused requests (4xx)`,
  failed: shown`failed requests (5xx)`,
}

/** Draws which requests are compared, and what of the windows is not held. */
export function filterPieces(filter: string, { answer, columns }: Told): Piece[] {
  const left = [
    piece(shown` / `, "key"),
    filter === "" ? piece(shown`no filter`, "dim") : piece(show(filter, CELL_BYTES)),
  ]
  if (answer === undefined) return left
  const { of, by_chance } = answer
  const counted = (outcomes: HeldOutcomes) =>
    shown`${grouped(of === "all" ? outcomes.requests : outcomes[of])} in ${show(spanOf(outcomes.seconds * 1000))}`
  const counts = shown`${counted(answer.after)}, against ${counted(answer.before)} `
  const chance = by_chance ? [piece(shown`chance alone could do it `, "look")] : []
  const tries = [
    [piece(shown`${NOUNS[of]}: ${counts}`, "dim"), ...chance],
    [piece(counts, "dim"), ...chance],
  ]
  // What is told of the counts may go, the filter only in part.
  const least = Math.min(piecesWidth(left) + 1, Math.floor(columns / 2))
  return spreadKeeping(left, tries.find(right => columns - piecesWidth(right) >= least) ?? chance, columns)
}

/** Says which parts of the windows are in no count; undefined where all of them are. */
export function missingPieces({ missing }: WhatChanged): Piece[] | undefined {
  const [first] = missing
  if (first === undefined) return undefined
  const more = missing.length === 1 ? shown`` : shown`, and ${grouped(missing.length - 1)} more parts`
  const when = shown`${timeOfDay(first.from)} to ${timeOfDay(first.until)}`
  const whose = first.gateway === undefined ? shown`` : shown` of ${show(first.gateway)}`
  return [piece(shown` ▲ nothing${whose} is held of ${when}${more}: rates are of the rest`, "look")]
}

/** Draws that the log is being read, and the key that ends it. */
export const readingPieces = ({ after, before, now }: Told): Piece[] => [
  piece(shown`   comparing ${windowShown(after, now)} with ${windowShown(before, after.fromMs)}…  `, "dim"),
  piece(shown`Esc`, "key"),
  piece(shown` stop`, "dim"),
]

/** A value that explains no more than this beyond its part of all requests is no cause. */
const BEYOND_USUAL = 0.1

/** Says of a row what its figures do not. */
function noteOf(row: ChangedValue): Shown {
  const { share_of_change: share, share_of_requests: usual, by_chance, since } = row
  if (!by_chance && since !== null) return shown`new at ${timeOfDay(since)}`
  const isUsual = share !== null && share > 0 && Math.abs(share - usual) < BEYOND_USUAL && usual > 0
  if (isUsual && share * 2 > usual) return shown`its usual share`
  return by_chance ? shown`chance alone` : shown``
}

const toned = (row: ChangedValue, text: Shown): Piece => piece(text, row.by_chance ? "dim" : "plain")

/** Columns of the screen from which on the shares have room for their whole heading. */
const WIDE = 96

/** Whether the values of a dimension are ids of what has names. */
export const hasNames = (dimension: string): boolean => dimension === "user" || dimension === "org"

/** The columns; `names` are those of users and organizations, and where all did not change but by chance nothing `hasShares`. */
export function changesColumns(
  names: ReadonlyMap<string, string>,
  hasShares: boolean,
  columns: number,
): readonly Column<ChangedValue>[] {
  const nameOf = ({ dimension, value }: ChangedValue): Shown =>
    show((hasNames(dimension) ? names.get(value) : undefined) ?? shortIds(value), CELL_BYTES)
  return [
    {
      header: shown`DIMENSION`,
      width: 15,
      cell: ({ dimension }) => {
        const { title } = countedDimension(dimension as Parameters<typeof countedDimension>[0])
        return piece(show(title.toLowerCase()), "dim")
      },
    },
    {
      header: shown`VALUE`,
      width: "rest",
      least: 18,
      cell: (row, room) => toned(row, endsCell(nameOf(row), room)[0]),
    },
    { header: shown`BEFORE`, width: 7, align: "right", cell: row => rateCell(row, row.before_per_s) },
    { header: shown`AFTER`, width: 7, align: "right", cell: row => rateCell(row, row.after_per_s) },
    hasShares
      ? columns < WIDE
        ? { header: shown`OF CHANGE`, width: 10, cell: shareCell }
        : { header: shown`SHARE OF THE CHANGE`, width: 19, roomy: 26, cell: shareCell }
      : { header: shown`CHANGE`, width: 8, align: "right", cell: row => toned(row, changeText(row)) },
    { header: shown``, width: 15, dropAs: 1, after: 18, cell: row => piece(noteOf(row), noteTone(row)) },
  ]
}

const noteTone = ({ by_chance, since }: ChangedValue) => (!by_chance && since !== null ? "look" : "dim")

const rateCell = (row: ChangedValue, perSecond: number): Piece => (perSecond === 0 ? NONE : toned(row, rate(perSecond)))

/** Columns of the share in figures, with the blank before them. */
const FIGURE = 5

function shareCell(row: ChangedValue, room: number): Piece {
  const share = row.share_of_change ?? 0
  return toned(
    row,
    shown`${bar(Math.min(1, Math.max(0, share)), room - FIGURE)}${fit(percent(share), FIGURE, "right")}`,
  )
}

const changeText = ({ before_per_s, after_per_s }: ChangedValue): Shown => {
  const by = after_per_s - before_per_s
  return shown`${by < 0 ? shown`-` : shown`+`}${rate(Math.abs(by))}`
}
