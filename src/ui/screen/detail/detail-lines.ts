import { fit, type Shown, shown, width } from "../../../domain/safe-text.ts"
import type { Shell } from "../../shell/shell-context.ts"
import { blank, type Piece, piece, piecesWidth } from "../../widgets/line.tsx"
import { type Column, headerPieces, layOut, rowPieces } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { wrap } from "../../widgets/wrap.ts"

/** One row of the body. Its first piece is a margin, in which the mark of the selected row stands. */
export interface DetailLine {
  readonly pieces: readonly Piece[]
  /** What Enter does on it, and the name it is known by from one reading to the next. */
  readonly key?: string
  readonly open?: (shell: Shell) => void
}

/** A label and its value, which goes on below itself as long as it takes. */
export interface Field {
  readonly label: Shown
  readonly value: Shown
  readonly tone?: Tone
  /** It has a row of its own, however short it is. */
  readonly alone?: boolean
  readonly open?: ((shell: Shell) => void) | undefined
}

/** What stands before every row that is no heading. */
export const MARGIN = shown`   `
/** Columns of a label with the space behind it. */
export const LABEL = 17
/** From here on two short fields share a row. */
const TWO_IN_A_ROW = 76

export const textLine = (...pieces: Piece[]): DetailLine => ({ pieces: [piece(MARGIN), ...pieces] })

/** Labels and values; on a wide screen two that are short enough, and lead nowhere, share a row. */
export function fieldLines(fields: readonly Field[], columns: number): DetailLine[] {
  const half = columns < TWO_IN_A_ROW ? 0 : Math.floor(columns / 2)
  const fits = (field: Field | undefined): field is Field =>
    field !== undefined && !field.open && !field.alone && LABEL + width(field.value) + width(MARGIN) < half
  const lines: DetailLine[] = []
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] as Field
    const beside = fields[at + 1]
    if (!fits(field) || !fits(beside)) {
      lines.push(...wrapped(field, columns))
      continue
    }
    const left = fieldPieces(field, field.value)
    lines.push(textLine(...left, piece(blank(half - piecesWidth(left))), ...fieldPieces(beside, beside.value)))
    at++
  }
  return lines
}

function wrapped(field: Field, columns: number): DetailLine[] {
  const [first = shown``, ...rest] = wrap(field.value, columns - width(MARGIN) - LABEL - 1)
  const line = textLine(...fieldPieces(field, first))
  const below = rest.map(text => textLine(piece(blank(LABEL)), piece(text, field.tone)))
  return [field.open ? { ...line, key: `field ${field.label}`, open: field.open } : line, ...below]
}

function fieldPieces({ label, value, tone, open }: Field, shownNow: Shown): Piece[] {
  const name = piece(fit(label, LABEL), "dim")
  if (value === "") return [name, piece(shown`-`, "dim")]
  return [name, piece(shownNow, tone ?? (open ? "key" : "plain"))]
}

/** A small table of a section: its columns, what a row is known by, and what Enter does on it. */
export interface SmallTable<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly open?: (row: Row, shell: Shell) => void
}

/** `rows` under their titles; untitled columns have no row for it. */
export function tableLines<Row>(
  { columns: all, rowKey, open }: SmallTable<Row>,
  rows: readonly Row[],
  columns: number,
): DetailLine[] {
  const layout = layOut(all, columns - width(MARGIN) + 1)
  const titled = all.some(column => column.header !== "")
  return [
    ...(titled ? [textLine(...headerPieces(layout).slice(1))] : []),
    ...rows.map((row): DetailLine => {
      const line = textLine(...rowPieces(layout, row).slice(1))
      return open ? { ...line, key: rowKey(row), open: shell => open(row, shell) } : line
    }),
  ]
}
