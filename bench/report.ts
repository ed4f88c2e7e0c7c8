/** One thing measured. `ratio` is `value` over `reference`, a figure of the same unit from the same run. */
export interface BenchRow {
  name: string
  value: number
  unit: string
  reference?: number
  ratio?: number
  /** What `ratio` has to reach, or where there is none, `value`. */
  target?: string
}

/** A row measured beside a reference. */
export function against(reference: number, row: Omit<BenchRow, "reference" | "ratio">): BenchRow {
  return { ...row, reference, ratio: row.value / reference }
}

/** The rows as an aligned table of plain text. */
export function renderRows(rows: readonly BenchRow[]): string {
  const cells = rows.map(({ name, value, unit, reference, ratio, target }) => [
    name,
    `${plain(value)} ${unit}`,
    reference === undefined ? "" : `${plain(reference)} ${unit}`,
    ratio === undefined ? "" : `${ratio.toFixed(2)}x`,
    target ?? "",
  ])
  const lines = [["", "measured", "reference", "ratio", "target"], ...cells]
  const widths = [0, 1, 2, 3, 4].map(column => Math.max(...lines.map(line => (line[column] as string).length)))
  return lines
    .map(line => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "))
    .join("\n")
}

const plain = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString("en").replaceAll(",", " ") : String(Number(value.toPrecision(3)))
