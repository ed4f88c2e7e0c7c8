import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { NONE } from "../../widgets/cells.ts"
import { blank, type Piece, piece, piecesWidth } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { wrap } from "../../widgets/wrap.ts"
import type { Shell } from "../shell.ts"
import { type DetailLine, MARGIN, textLine } from "./detail-lines.ts"

/** Label and value, wrapped where long. */
export interface Field {
  readonly label: Shown
  readonly value: Shown
  readonly tone?: Tone
  /** Never shares a row. */
  readonly alone?: boolean
  readonly open?: ((shell: Shell) => void) | undefined
  /** Raw id, for copying. */
  readonly copyable?: string
}

/** Returns the value as text, empty for null. */
export const given = <Value>(value: Value | null, as: (value: Value) => Shown): Shown =>
  value === null ? shown`` : as(value)

/** Makes a field that opens a record's screen, with its name, if any, and id. */
export function link(
  label: Shown,
  id: string | null,
  name: string | null,
  open: (id: string, shell: Shell) => void,
): Field {
  if (id === null) return { label, value: shown`` }
  const value = name?.trim() ? shown`${show(name)}  ${show(id)}` : show(id)
  return { label, value, copyable: id, open: shell => open(id, shell) }
}

/** Makes a field that opens a user's screen. */
export const userLink = (label: Shown, id: string | null, name: string | null): Field =>
  link(label, id, name, (id, shell) => shell.open("user", { id }))

/** Columns of a label with the space after it. */
export const LABEL = 17
/** Least columns of a screen on which two short fields share a row. */
const TWO_IN_A_ROW = 76

/** Draws the fields; on a wide screen two short ones that open nothing share a row. */
export function fieldLines(fields: readonly Field[], columns: number): DetailLine[] {
  const half = columns < TWO_IN_A_ROW ? 0 : Math.floor(columns / 2)
  const fits = (field: Field | undefined): field is Field =>
    field !== undefined && !field.open && !field.alone && LABEL + width(field.value) + width(MARGIN) < half
  const lines: DetailLine[] = []
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] as Field
    const beside = fields[at + 1]
    if (!fits(field) || !fits(beside)) {
      lines.push(...paragraph(field, columns))
      continue
    }
    const left = fieldPieces(field, field.value)
    lines.push(textLine(...left, piece(blank(half - piecesWidth(left))), ...fieldPieces(beside, beside.value)))
    at++
  }
  return lines
}

function paragraph(field: Field, columns: number): DetailLine[] {
  const [first = shown``, ...rest] = wrap(field.value, columns - width(MARGIN) - LABEL - 1)
  const line = textLine(...fieldPieces(field, first))
  const below = rest.map(text => textLine(piece(blank(LABEL)), piece(text, field.tone)))
  const { label, copyable, open } = field
  return [open ? { ...line, key: `field ${label}`, copyable, open } : line, ...below]
}

function fieldPieces({ label, value, tone, open }: Field, shownNow: Shown): Piece[] {
  const name = piece(fit(label, LABEL), "dim")
  if (value === "") return [name, NONE]
  return [name, piece(shownNow, tone ?? (open ? "key" : "plain"))]
}
