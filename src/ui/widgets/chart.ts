import type { Shown } from "../../domain/safe-text.ts"

const own = (text: string) => text as Shown

const HORIZONTAL = "▏▎▍▌▋▊▉█"
const VERTICAL = "▁▂▃▄▅▆▇█"

/**
 * Draws a horizontal bar in exactly `columns` columns, full at 1. A positive share too small to be seen is a hairline.
 */
export function bar(share: number, columns: number, rest = " "): Shown {
  const eighths = eighthsOf(share, columns * 8)
  const whole = "█".repeat(Math.floor(eighths / 8))
  return own((whole + (HORIZONTAL[(eighths % 8) - 1] ?? "")).padEnd(columns, rest))
}

/** Size of a chart: the highest bar has `rows` rows; all bars together have `columns` columns. */
export interface ChartSize {
  readonly rows: number
  readonly columns: number
  /** Value of the highest bar. Default: the highest of the values. */
  readonly top?: number
}

/** Returns the widths of `count` bars that share `columns`: as equal as possible, the last one among the widest. */
export const barWidths = (count: number, columns: number): number[] =>
  Array.from(
    { length: count },
    (_, bar) => Math.floor(((bar + 1) * columns) / count) - Math.floor((bar * columns) / count),
  )

/** Draws vertical bars side by side: the rows from top to bottom. */
export function columnChart(values: readonly number[], size: ChartSize): Shown[] {
  const { rows, columns, top = Math.max(...values) } = size
  const widths = barWidths(values.length, columns)
  const heights = values.map(value => (top <= 0 ? 0 : eighthsOf(value / top, rows * 8)))
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * 8
    const cell = (height: number) => VERTICAL[Math.min(height - below, 8) - 1] ?? " "
    return own(heights.map((height, bar) => cell(height).repeat(widths[bar] as number)).join(""))
  })
}

/** Draws values as one row of bars in `columns`, the highest of them full; zero is a blank. */
export const sparkline = (values: readonly number[], columns: number): Shown =>
  columnChart(squeeze(values, columns), { rows: 1, columns })[0] as Shown

/** Reduces `values` to exactly `columns` steps, each the highest value of its part. */
function squeeze(values: readonly number[], columns: number): number[] {
  return Array.from({ length: columns }, (_, step) => {
    const from = Math.floor((step * values.length) / columns)
    const to = Math.max(from + 1, Math.floor(((step + 1) * values.length) / columns))
    return Math.max(...values.slice(from, to))
  })
}

/** Converts `share` of a whole to eighths of a cell; a positive share has at least one. */
const eighthsOf = (share: number, whole: number) =>
  share <= 0 ? 0 : Math.min(whole, Math.max(1, Math.round(share * whole)))
