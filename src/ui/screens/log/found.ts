import { shown } from "../../../domain/safe-text.ts"
import { soughtPattern, splitAtHits } from "../../widgets/hits.ts"
import { filled, type Piece, piece } from "../../widgets/line.tsx"
import { emphasized, type RowEmphasis } from "../../widgets/table.tsx"

/** Pieces before the cells that a search looks at: the edge, the time, and the space behind it. */
const BEFORE = 3

/**
 * Returns a row that has the text that is searched for: with a mark at its edge, and the text inverse wherever it is in sight.
 * Where the row itself is inverse, the text is not.
 */
export function foundRow(cells: readonly Piece[], text: string, how: RowEmphasis, columns: number, marked: boolean) {
  const [gap, ...others] = emphasized(cells, how === "selected" ? "left" : how, columns, marked) as [Piece, ...Piece[]]
  const edge = how === "plain" && !marked ? piece(shown`»`, "key") : gap
  const row = [edge, ...others]
  const pattern = soughtPattern(text)
  const isSelected = how === "selected"
  return (isSelected ? filled(row, columns) : row).flatMap(([shownText, tone], index) => {
    const rest = isSelected ? "selected" : tone
    if (index < BEFORE) return [piece(shownText, rest)]
    return splitAtHits(shownText, pattern).map(([part, isHit]) =>
      piece(part, !isHit ? rest : isSelected ? "strong" : "selected"),
    )
  })
}
