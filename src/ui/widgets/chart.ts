import type { Shown } from "../../domain/safe-text.ts"

const own = (text: string) => text as Shown

const LYING = "▏▎▍▌▋▊▉█"
const STANDING = "▁▂▃▄▅▆▇█"

/** A bar that lies, in exactly `columns` columns, full at 1. What is there and too little to be seen is a hair. */
export function bar(share: number, columns: number, rest = " "): Shown {
  const eighths = eighthsOf(share, columns * 8)
  const whole = "█".repeat(Math.floor(eighths / 8))
  return own((whole + (LYING[(eighths % 8) - 1] ?? "")).padEnd(columns, rest))
}

/** The highest bar is `rows` rows high; all bars together are `columns` columns wide. */
export interface ChartSize {
  readonly rows: number
  readonly columns: number
  /** What the highest bar stands for; the highest of the values where left out. */
  readonly top?: number
}

/** How wide each of `count` bars is that share `columns`: as equal as can be, and the last is among the widest. */
export const barWidths = (count: number, columns: number): number[] =>
  Array.from(
    { length: count },
    (_, bar) => Math.floor(((bar + 1) * columns) / count) - Math.floor((bar * columns) / count),
  )

/** Bars that stand side by side: the rows from top to bottom. */
export function columnChart(values: readonly number[], size: ChartSize): Shown[] {
  const { rows, columns, top = Math.max(...values) } = size
  const widths = barWidths(values.length, columns)
  const heights = values.map(value => (top <= 0 ? 0 : eighthsOf(value / top, rows * 8)))
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * 8
    const cell = (height: number) => STANDING[Math.min(height - below, 8) - 1] ?? " "
    return own(heights.map((height, bar) => cell(height).repeat(widths[bar] as number)).join(""))
  })
}

/** `share` of a whole in eighths of a cell; something is never nothing. */
const eighthsOf = (share: number, whole: number) =>
  share <= 0 ? 0 : Math.min(whole, Math.max(1, Math.round(share * whole)))
