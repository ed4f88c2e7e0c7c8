import { show, shown, width } from "../../domain/safe-text.ts"
import type { BoundKey } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import { Line, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import { Rule } from "./frame.tsx"
import type { Toast } from "./shell-state.ts"

interface FooterProps {
  readonly keys: readonly BoundKey[]
  readonly toast: Toast | undefined
  readonly columns: number
}

/** The most important keys, as many as fit, dim where they cannot be pressed just now; what the last key had to say stands in the rule above. */
export function Footer({ keys, toast, columns }: FooterProps) {
  return (
    <>
      {toast ? <Line pieces={said(toast, columns - 1)} columns={columns} /> : <Rule columns={columns} />}
      <Line pieces={[piece(shown` `), ...fitting(keys, columns - 1)]} columns={columns} />
    </>
  )
}

/** Where it is too long for the line, what is to be acted on comes first. */
function said({ pieces }: Toast, columns: number): Piece[] {
  const isCalm = ([, tone]: Piece) => Number(tone !== "act")
  const isLong = piecesWidth(pieces) > columns
  return [piece(shown` `), ...(isLong ? pieces.toSorted((a, b) => isCalm(a) - isCalm(b)) : pieces)]
}

/** What cannot be done just now keeps its place, so that nothing moves under the eye. Those that are kept have their room before the others get theirs. */
function fitting(keys: readonly BoundKey[], columns: number): Piece[] {
  const isCalm = (key: BoundKey) => Number(key.footer !== "urgent")
  const told = keys
    .filter((key, at) => key.footer && key.possible !== false && !isTaken(key, keys.slice(0, at)))
    .toSorted((a, b) => isCalm(a) - isCalm(b))
    .map(key => ({ pieces: keyPieces(key), kept: key.footer === "kept" }))
  const kept = told.filter(key => key.kept).flatMap(key => key.pieces)
  let room = columns + width(GAP) - piecesWidth(kept)
  const inSight = told.filter(({ pieces, kept }) => {
    if (kept) return true
    room -= piecesWidth(pieces)
    return room >= 0
  })
  return inSight.flatMap(key => key.pieces).slice(0, -1)
}

/** A key stands there once: with what it does just now. */
const isTaken = ({ keys: [chord] }: BoundKey, before: readonly BoundKey[]) =>
  before.some(key => key.footer && key.possible === true && key.keys.includes(chord))

const GAP = shown`   `

const keyPieces = ({ keys, label, possible }: BoundKey): Piece[] => [
  piece(show(chordLabel(keys[0])), possible === true ? "key" : "dim"),
  piece(shown` ${show(label)}`, possible === true ? "plain" : "dim"),
  piece(GAP),
]
