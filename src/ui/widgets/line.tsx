import { Transform } from "ink"
import { createContext, use } from "react"
import { fit, type Shown, shown, width } from "../../domain/safe-text.ts"
import { paint, type Tone } from "./theme.ts"

/** Run of text with one tone. */
export type Piece = readonly [text: Shown, tone: Tone]

export const piece = (text: Shown, tone: Tone = "plain"): Piece => [text, tone]

/** Returns the width of some pieces together, in columns. */
export const piecesWidth = (pieces: readonly Piece[]): number => pieces.reduce((sum, [text]) => sum + width(text), 0)

/** Whether what is drawn within has the keyboard: below a dialog the terminal's cursor is not shown. */
export const HasKeyboard = createContext(true)

interface LineProps {
  readonly pieces: readonly Piece[]
  readonly columns: number
  /** Whether the row is inverse from end to end. */
  readonly selected?: boolean
}

/**
 * Row of the screen, cut at `columns`. Ink gets a single blank and a transform that paints the row when the frame is
 * assembled: it need not measure, lay out and tokenize what is `Shown` and cut already. A row is painted with each frame, so
 * that another theme is at once that of rows which did not change.
 */
export function Line({ pieces, columns, selected = false }: LineProps) {
  const hasKeyboard = use(HasKeyboard)
  const cut = selected ? inverted(pieces, columns) : cutPieces(pieces, columns)
  const row = () =>
    cut.map(([text, tone]) => paint(text, tone === "cursor" && !hasKeyboard ? "selected" : tone)).join("")
  return <Transform transform={row}> </Transform>
}

/** Lines under one another, each in a row. */
export function Lines({ lines, columns }: { lines: readonly (readonly Piece[])[]; columns: number }) {
  return lines.map((pieces, index) => <Line key={index} pieces={pieces} columns={columns} />)
}

const plain = (pieces: readonly Piece[]) => pieces.map(([text]) => text).join("") as Shown

/** Returns the pieces of a row that is inverse from end to end. */
export const inverted = (pieces: readonly Piece[], columns: number): Piece[] =>
  selectedPieces(plain(filled(pieces, columns)))

/** Blocks of a bar and the part of one at its end, or the columns of a chart. */
const BLOCKS = /([▁-█]+[▉-▏]?)/
const isBlock = (text: string) => /^[▁-█]/.test(text)

/** Returns the pieces of a selected text: inverse, but for bars, of which inverse ones look empty. */
export const selectedPieces = (text: Shown): Piece[] =>
  text
    .split(BLOCKS)
    .filter(part => part !== "")
    .map(part => piece(part as Shown, isBlock(part) ? "bar" : "selected"))

/** Returns rows with two parts side by side: the left in `columns`, a vertical line, and the right. */
export function sideBySide(left: readonly Piece[][], right: readonly Piece[][], columns: number): Piece[][] {
  const rows = Math.max(left.length, right.length)
  return Array.from({ length: rows }, (_, row) => [
    ...filled(left[row] ?? [], columns),
    piece(shown`│`, "dim"),
    ...(right[row] ?? []),
  ])
}

/** Returns the pieces in exactly `columns`: cut, or padded with blanks. */
export function filled(pieces: readonly Piece[], columns: number): Piece[] {
  const cut = cutPieces(pieces, columns)
  return [...cut, piece(blank(columns - piecesWidth(cut)))]
}

/** Returns left and right pieces with the space between them filled. */
export function spread(left: readonly Piece[], right: readonly Piece[], columns: number): Piece[] {
  const room = Math.max(1, columns - piecesWidth(left) - piecesWidth(right))
  return [...left, piece(blank(room)), ...right]
}

/** The same where the right must stay in sight: the left is cut where both have no room. */
export const spreadKeeping = (left: readonly Piece[], right: readonly Piece[], columns: number): Piece[] =>
  spread(cutPieces(left, columns - piecesWidth(right) - 1), right, columns)

/** Returns that many spaces. */
export const blank = (columns: number): Shown => " ".repeat(Math.max(0, columns)) as Shown

/** Returns the pieces cut to at most `columns`. */
export function cutPieces(pieces: readonly Piece[], columns: number): Piece[] {
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
