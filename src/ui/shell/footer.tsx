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

/** The most important keys that can be pressed now, as many as fit; what the last key had to say stands in the rule above. */
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

/** The most important keys; those that are kept have their room before the others get theirs. */
function fitting(keys: readonly BoundKey[], columns: number): Piece[] {
  const isCalm = (key: BoundKey) => Number(key.footer !== "urgent")
  const told = keys
    .filter(key => key.footer && key.possible === true)
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

const GAP = shown`   `

const keyPieces = ({ keys, label }: BoundKey): Piece[] => [
  piece(show(chordLabel(keys[0])), "key"),
  piece(shown` ${show(label)}`),
  piece(GAP),
]
