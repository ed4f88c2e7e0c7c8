import { barAt, type Outcome, type Timeline } from "../../../domain/access-log-timeline.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { unusualBars } from "../../../domain/unusual-bars.ts"
import { columnChart } from "../../widgets/chart.ts"
import { age, duration, grouped, roughly, shortDateTime, timeOfDay } from "../../widgets/format.ts"
import { blank, type Piece, piece, piecesWidth } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import type { Level } from "./zoom/levels.ts"

/** Columns of the times left of the bars, and of the maximum right of them. */
const LEFT = 13
const RIGHT = 20

/** Returns the number of bars; also where no histogram is drawn, since `h` and `l` walk them. */
export const histogramBars = (columns: number): number => Math.max(1, columns - LEFT - RIGHT)

/** Returns the rows of the histogram: three from 40 rows of the terminal on, one from 25 on, and of a wider level always one. */
export const histogramRows = (rows: number, level: Level): number =>
  rows >= 35 ? 3 : rows >= 20 || level !== "held" ? 1 : 0

const ROWS: readonly (readonly [outcome: Outcome, label: Shown, tone: Tone])[] = [
  ["ok", shown`ok `, "good"],
  ["refused", shown`4xx`, "look"],
  ["failed", shown`5xx`, "act"],
]

const DAY_MS = 86_400_000

interface Histogram {
  /** What is drawn: what passes the filter, where there is one. */
  readonly timeline: Timeline
  /** Everything, where something else is drawn. */
  readonly all: Timeline | null
  /** How much time it is of. */
  readonly level: Level
  readonly columns: number
  /** Bar of the selected row; undefined while the log is live. */
  readonly selected: number | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Draws the held requests over time in 3 rows or 1, and beside them dim the maximum of everything. */
export function histogramLines(histogram: Histogram, rows: number): Piece[][] {
  if (rows === 0) return []
  if (histogram.timeline.ok.length === 0) return Array.from({ length: rows }, () => [])
  return rows === 1 ? [oneRow(histogram)] : threeRows(histogram)
}

/** Names a level: `( day )`. */
const levelText = (level: Level): Shown => shown`( ${show(level)} )`

/** Says in the rows of a histogram why there is none. */
export function insteadLines(level: Level, why: Shown, rows: number): Piece[][] {
  const [first, ...others] = Array.from({ length: rows }, (): Piece[] => [])
  return first === undefined
    ? []
    : [[piece(shown` ${levelText(level)}`, "key"), piece(shown`  ${why}`, "look")], ...others]
}

function threeRows(histogram: Histogram): Piece[][] {
  const { timeline, level } = histogram
  // A common scale keeps a few errors beside thousands of requests low.
  const counts = totals(timeline)
  const least = Math.max(...counts) / 10
  const left = [startOf(histogram), widthOf(timeline, level), selectedOf(histogram)] as const
  return ROWS.map(([outcome, label, tone], row) => {
    const values = timeline[outcome]
    const most = Math.max(...values)
    const isNamed = outcome === "ok" ? values.map(() => true) : unusualBars(timeline, outcome)
    const max = most === 0 ? "dim" : isNamed.includes(true) ? tone : "plain"
    const bars = [...(columnChart(values, { rows: 1, columns: values.length, top: Math.max(most, least) })[0] ?? "")]
    const right = histogram.all
      ? besideAll(piece(shown`  ${label} max ${grouped(most)}`, max), Math.max(...histogram.all[outcome]))
      : [piece(shown`  ${label} max ${fit(grouped(most), RIGHT - 11, "right")}`, max)]
    return lineOf(
      left[row] as (typeof left)[number],
      bars.map((glyph, bar) => [glyph, isNamed[bar] ? tone : "plain"] as const),
      right,
      histogram,
    )
  })
}

/** Draws bars of all requests in the colour of the worst outcome that is unusual; of errors, to whose bursts one can go, it is an exclamation mark. */
function oneRow(histogram: Histogram): Piece[] {
  const { timeline, level, selected } = histogram
  const all = totals(timeline)
  const [refused, failed] = [unusualBars(timeline, "refused"), unusualBars(timeline, "failed")]
  const heights = [...(columnChart(all, { rows: 1, columns: all.length })[0] ?? "")]
  const bars = heights.map((height, bar) => {
    const worst = failed[bar] ? "failed" : refused[bar] ? "refused" : "ok"
    const tone = ROWS.find(([outcome]) => outcome === worst)?.[2] ?? "plain"
    return [worst === "failed" ? "!" : height, tone] as const
  })
  const left = selected === undefined ? startOf(histogram) : selectedOf(histogram)
  const most = grouped(Math.max(...all))
  const right = histogram.all
    ? besideAll(piece(shown`  max ${most}`), Math.max(...totals(histogram.all)))
    : level === "held"
      ? [piece(shown`  max ${most} in ${wide(timeline)}`, "dim")]
      : [piece(shown`  ${levelText(level)}`, "key"), piece(shown` max ${briefly(Math.max(...all))}`, "dim")]
  return lineOf(left, bars, right, histogram)
}

/** Draws a maximum, and beside it that of everything, where there is room for the whole. */
function besideAll(own: Piece, all: number): Piece[] {
  const both = [own, piece(shown` of ${grouped(all)}`, "dim")]
  return piecesWidth(both) <= RIGHT ? both : [own]
}

/** Text left of the bars, and whether it is of the first one. */
type Left = readonly [text: Piece, isOfFirstBar: boolean]

const startOf = (histogram: Histogram): Left => [piece(shown` ${timeAt(histogram, 0)}`, "dim"), true]

/** A count in five columns. */
const briefly = (count: number): Shown => (count < 10_000 ? grouped(count) : roughly(count))

const widthOf = (timeline: Timeline, level: Level): Left =>
  level === "held"
    ? [piece(shown` ${wide(timeline)} a bar`, "dim"), true]
    : [piece(shown` ${levelText(level)} ${wide(timeline)}`, "key"), true]

const selectedOf = (histogram: Histogram): Left => {
  const { selected } = histogram
  return [selected === undefined ? piece(shown``) : piece(shown`▸${timeAt(histogram, selected)}`, "key"), false]
}

type Bar = readonly [glyph: string, tone: Tone]

/** Draws the text `left` of the bars, right before them where it is of their first. */
function lineOf([left, isOfFirstBar]: Left, bars: readonly Bar[], right: readonly Piece[], around: Histogram): Piece[] {
  const { columns, selected } = around
  const room = Math.max(LEFT - width(left[0]), 0) + histogramBars(columns) - bars.length
  const pieces = bars.map(([glyph, tone], bar) => piece(glyph as Shown, bar === selected ? "bar" : tone))
  const start = piece(fit(left[0], Math.min(LEFT, width(left[0]))), left[1])
  const beside =
    isOfFirstBar && room > 0 ? [piece(blank(room - 1)), start, piece(blank(1))] : [start, piece(blank(room))]
  return [...beside, ...joined(pieces), ...right]
}

/** Joins neighbours of one tone. */
function joined(pieces: readonly Piece[]): Piece[] {
  const runs: Piece[] = []
  for (const [text, tone] of pieces) {
    const last = runs.at(-1)
    if (last?.[1] === tone) runs[runs.length - 1] = piece(shown`${last[0]}${text}`, tone)
    else runs.push(piece(text, tone))
  }
  return runs
}

/** Returns the width of a bar in time: `500ms`, `5s`. */
const wide = ({ barMs }: Timeline): Shown => (barMs < 1000 ? duration(barMs) : age(barMs))

const totals = ({ ok, refused, failed }: Timeline) =>
  ok.map((count, bar) => count + (refused[bar] ?? 0) + (failed[bar] ?? 0))

/** Returns the start of a bar, with its day where it is old. */
function timeAt({ timeline, now }: Histogram, bar: number): Shown {
  const at = barAt(timeline, bar)
  return now - at < DAY_MS ? timeOfDay(at) : shortDateTime(new Date(at).toISOString())
}
