import { Box } from "ink"
import { type Shown, shown, width } from "../../domain/safe-text.ts"
import { cutPieces, filled, Line, type Piece, piece, piecesWidth } from "./line.tsx"

/** Returns the columns of a dialog's content, within its borders. */
export const dialogInner = (columns: number): number => columns - 4

/** Columns of a dialog to choose in, unless a text in it needs more, and what of them stands beside a text. */
const CHOICE = 72
const BESIDE_CHOICE = 6

/** Returns the columns of a dialog to choose one of these texts in. */
export const choiceColumns = (texts: readonly Shown[]): number =>
  Math.max(CHOICE, ...texts.map(text => width(text) + BESIDE_CHOICE))

/** Box over the screen below: title in its border, then lines, each drawn to its end so that nothing shows through. */
export function Dialog({
  title,
  lines,
  columns,
}: {
  title: Shown | readonly Piece[]
  lines: readonly (readonly Piece[])[]
  columns: number
}) {
  const inner = dialogInner(columns)
  const bar = (length: number) => "─".repeat(Math.max(0, length)) as Shown
  const edge = piece(shown`│`, "key")
  const space = piece(shown` `)
  const name = cutPieces(typeof title === "string" ? [piece(title, "strong")] : title, inner)
  return (
    <Box flexDirection="column" width={columns}>
      <Line
        pieces={[piece(shown`┌ `, "key"), ...name, piece(shown` ${bar(inner - piecesWidth(name))}┐`, "key")]}
        columns={columns}
      />
      {lines.map((pieces, index) => (
        <Line key={index} pieces={[edge, space, ...filled(pieces, inner), space, edge]} columns={columns} />
      ))}
      <Line pieces={[piece(shown`└${bar(inner + 2)}┘`, "key")]} columns={columns} />
    </Box>
  )
}
