import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { splitAtHits } from "../../widgets/hits.ts"
import { blank, inverted, type Piece, piece } from "../../widgets/line.tsx"
import { MARK } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { indentOf, type JsonLayout, partsOf, placeOf, rowCount } from "./json-layout.ts"
import { canFold, type JsonLine } from "./json-tree.ts"

/** Columns before the lines: the mark of the selected row, and whether it is folded. */
const MARGIN = 5

/** Columns of the lines themselves. */
export const jsonColumns = (columns: number): number => Math.max(1, columns - MARGIN - 1)

interface Canvas {
  /** First row in sight, and how many there are. */
  readonly top: number
  readonly height: number
  readonly selected: number
  /** Text that is searched for. */
  readonly pattern: RegExp | undefined
  readonly columns: number
}

/** Draws the rows in sight. */
export function jsonRows(layout: JsonLayout, { top, height, selected, pattern, columns }: Canvas): Piece[][] {
  const count = Math.max(0, Math.min(height, rowCount(layout) - top))
  return Array.from({ length: count }, (_, index) => {
    const row = rowPieces(layout, top + index, pattern)
    if (top + index !== selected) return row
    const [, ...others] = row
    const marked = [piece(shown` ${MARK} `), ...others]
    return pattern ? withHits(marked, pattern, "selected", columns) : inverted(marked, columns)
  })
}

function rowPieces(layout: JsonLayout, row: number, pattern: RegExp | undefined): Piece[] {
  const { lines, folds, columns } = layout
  const place = placeOf(layout, row)
  const line = lines[place.line] as JsonLine
  const isFolded = folds.has(place.line)
  const fold = canFold(line) && place.part === 0 ? (isFolded ? shown`▸` : shown`▾`) : shown` `
  const before = [piece(shown`   `), piece(shown`${blank(indentOf(line, columns))}${fold} `, "dim")]
  const text = isFolded ? foldedPieces(line) : linePieces(line, place.part, columns)
  return [...before, ...(pattern ? withHits(text, pattern) : text)]
}

/** Bytes of a name before what is folded. */
const NAME_BYTES = 256

const foldedPieces = (line: JsonLine): Piece[] => [
  piece(show(line.name, NAME_BYTES), "key"),
  piece(show(line.folded), isTitle(line) ? "strong" : "dim"),
]

function linePieces(line: JsonLine, part: number, columns: number): Piece[] {
  const text = partsOf(line, columns)[part] ?? shown``
  if (isTitle(line)) return [piece(text, "strong")]
  const name = show(line.name)
  const isNamed = part === 0 && name !== "" && text.startsWith(name)
  return isNamed ? [piece(name, "key"), piece(text.slice(name.length) as Shown)] : [piece(text)]
}

const isTitle = ({ parent }: JsonLine) => parent < 0

/** Draws what is searched for inverse; in a row that is inverse itself, not. */
function withHits(pieces: readonly Piece[], pattern: RegExp, rest?: Tone, columns?: number): Piece[] {
  const drawn = pieces.flatMap(([text, tone]) =>
    splitAtHits(text, pattern).map(([part, isHit]) =>
      piece(part, isHit ? (rest === undefined ? "selected" : "strong") : (rest ?? tone)),
    ),
  )
  if (columns === undefined) return drawn
  const taken = drawn.reduce((sum, [text]) => sum + width(text), 0)
  return [...drawn, piece(fit(shown``, Math.max(0, columns - taken)), "selected")]
}
