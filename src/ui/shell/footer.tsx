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

/** Who gets room first: what is urgent, then what is kept on every screen. */
const RANKS: readonly BoundKey["footer"][] = ["urgent", "kept", true]

/** What cannot be done just now keeps its place, so that nothing moves under the eye. */
function fitting(keys: readonly BoundKey[], columns: number): Piece[] {
  const isCalm = (key: BoundKey) => Number(key.footer !== "urgent")
  const told = keys
    .filter((key, at) => key.footer && key.possible !== false && !isTaken(key, keys.slice(0, at)))
    .toSorted((a, b) => isCalm(a) - isCalm(b))
    .map(key => ({ pieces: keyPieces(key), rank: RANKS.indexOf(key.footer) }))
  let room = columns + width(GAP)
  const hasRoom = ({ pieces }: { pieces: Piece[] }) => {
    room -= piecesWidth(pieces)
    return room >= 0
  }
  const inSight = new Set(told.toSorted((a, b) => a.rank - b.rank).filter(hasRoom))
  return told
    .filter(key => inSight.has(key))
    .flatMap(key => key.pieces)
    .slice(0, -1)
}

/** A key stands there once: with what it does just now. */
const isTaken = ({ keys: [chord] }: BoundKey, before: readonly BoundKey[]) =>
  before.some(key => key.footer && key.possible === true && key.keys.includes(chord))

const GAP = shown`  `

const keyPieces = ({ keys, label, possible }: BoundKey): Piece[] => [
  piece(show(chordLabel(keys[0])), possible === true ? "key" : "dim"),
  piece(shown` ${show(label)}`, possible === true ? "plain" : "dim"),
  piece(GAP),
]
