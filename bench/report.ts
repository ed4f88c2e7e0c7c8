/** One thing measured. `ratio` is `value` over `reference`, a figure of the same unit from the same run. */
export interface BenchRow {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly reference?: number
  readonly ratio?: number
  /** What `ratio` has to keep to, or where there is none, `value`. */
  readonly target?: Target
}

export type Target = { readonly atLeast: number } | { readonly atMost: number }

/** A row measured beside a reference. */
export function against(reference: number, row: Omit<BenchRow, "reference" | "ratio">): BenchRow {
  return { ...row, reference, ratio: row.value / reference }
}

/** The rows as an aligned table of plain text. */
export function renderRows(rows: readonly BenchRow[]): string {
  const lines = tableOf(rows)
  const widths = (lines[0] as string[]).map((_, column) =>
    Math.max(...lines.map(line => (line[column] as string).length)),
  )
  return lines
    .map(line => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "))
    .join("\n")
}

/** The rows as a table of Markdown. */
export function markdownRows(rows: readonly BenchRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  const [headings = [], ...body] = tableOf(rows)
  return [line(headings), line(headings.map((_, i) => (i === 0 ? "---" : "---:"))), ...body.map(line)].join("\n")
}

const HEADINGS = ["", "measured", "reference", "ratio", "target", ""]

/** The headings and a line a row; of the columns only those that say anything. */
function tableOf(rows: readonly BenchRow[]): string[][] {
  const body = rows.map(cells)
  const isUsed = (_: string, column: number) => body.some(line => line[column] !== "")
  return [HEADINGS, ...body].map(line => line.filter(isUsed))
}

function cells({ name, value, unit, reference, ratio, target }: BenchRow): string[] {
  return [
    name,
    `${plain(value)} ${unit}`,
    reference === undefined ? "" : `${plain(reference)} ${unit}`,
    ratio === undefined ? "" : times(ratio),
    target === undefined ? "" : targetText(target, ratio === undefined ? ` ${unit}` : "x"),
    target === undefined ? "" : isMet(target, ratio ?? value) ? "met" : "NOT MET",
  ]
}

/** Whether `figure` keeps to `target`. */
export const isMet = (target: Target, figure: number) =>
  "atLeast" in target ? figure >= target.atLeast : figure <= target.atMost

const targetText = (target: Target, unit: string) =>
  "atLeast" in target ? `>= ${target.atLeast}${unit}` : `<= ${target.atMost}${unit}`

const times = (ratio: number) => `${ratio.toFixed(2)}x`

/** A figure as it is told: groups of three digits, or three digits in all. */
export const plain = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en").replaceAll(",", " ") : String(Number(value.toPrecision(3)))
