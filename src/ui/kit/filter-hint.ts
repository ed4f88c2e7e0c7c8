import { show, shown, width } from "../../domain/safe-text.ts"
import type { FieldText } from "../keys/text-field.ts"
import { blank, type Piece, piece } from "../widgets/line.tsx"
import { columnOf } from "../widgets/text-field-view.ts"
import { hanging } from "../widgets/wrap.ts"

/** What is wrong with a filter that is being typed, and where: the 0-based index in its text. */
export interface FilterMistake {
  readonly message: string
  readonly column: number | undefined
}

/** Margin below the slash. */
export const FILTER_MARGIN = shown`   `
export const filterColumns = (columns: number) => columns - 4

/** Draws a mistake below the field of a filter, under its column. */
export function mistakeLines(field: FieldText, { message, column }: FilterMistake, columns: number): Piece[][] {
  const text = show(message)
  const lines = hanging(piece(FILTER_MARGIN), text, columns - 1, "act")
  if (column === undefined) return lines
  const mark = shown`${FILTER_MARGIN}${blank(columnOf(field, column, filterColumns(columns)))}^`
  const beside = shown`${mark} ${text}`
  return width(beside) <= columns ? [[piece(beside, "act")]] : [[piece(mark, "act")], ...lines]
}
