import { Text } from "ink"
import { fit, type Shown, shown, width } from "../../domain/safe-text.ts"
import { styleOf, type Tone } from "./theme.ts"

/** A run of text with one meaning. */
export type Piece = readonly [text: Shown, tone: Tone]

export const piece = (text: Shown, tone: Tone = "plain"): Piece => [text, tone]

export const GAP: Shown = shown`  `

/** Columns that some pieces take together. */
export const piecesWidth = (pieces: readonly Piece[]): number => pieces.reduce((sum, [text]) => sum + width(text), 0)

/**
 * One row of the screen, cut at `columns`. Cutting happens before Ink sees the text, whose caches are keyed by all of it.
 * A selected row is inverse from end to end.
 */
export function Line({ pieces, columns, selected }: { pieces: readonly Piece[]; columns: number; selected?: boolean }) {
  const cut = cutPieces(pieces, columns)
  if (selected) {
    const padding = " ".repeat(columns - piecesWidth(cut))
    return <Text inverse>{cut.map(([text]) => text).join("") + padding}</Text>
  }
  return (
    <Text wrap="truncate">
      {cut.length === 0
        ? " "
        : cut.map(([text, tone], index) => (tone === "plain" ? text : <Toned key={index} text={text} tone={tone} />))}
    </Text>
  )
}

const Toned = ({ text, tone }: { text: Shown; tone: Tone }) => <Text {...styleOf(tone)}>{text}</Text>

function cutPieces(pieces: readonly Piece[], columns: number): Piece[] {
  const cut: Piece[] = []
  let left = columns
  for (const [text, tone] of pieces) {
    if (left <= 0) break
    const taken = width(text)
    cut.push(taken <= left ? [text, tone] : [fit(text, left), tone])
    left -= taken
  }
  return cut
}
