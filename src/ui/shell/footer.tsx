import { show, shown, width } from "../../domain/safe-text.ts"
import type { BoundKey } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import { Line, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import { Rule } from "./frame.tsx"
import type { Toast } from "./shell-state.ts"

interface FooterProps {
  readonly keys: readonly BoundKey[]
  readonly toast?: Toast | undefined
  /** What is amiss, on the line above the keys. */
  readonly notice?: readonly Piece[]
  readonly columns: number
}

/** Draws the most important keys, as many as fit, dim where impossible, and the message of the last key above. */
export function Footer({ keys, toast, notice = [], columns }: FooterProps) {
  return (
    <>
      {toast ? (
        <Line pieces={said(toast, columns - 1)} columns={columns} />
      ) : (
        <Rule columns={columns} notice={notice} />
      )}
      <Line pieces={[piece(shown` `), ...fitting(keys, columns - 1)]} columns={columns} />
    </>
  )
}

/** Draws a message; where it is too long, the part to act on comes first. */
function said(pieces: Toast, columns: number): Piece[] {
  const isCalm = ([, tone]: Piece) => Number(tone !== "act")
  const isLong = piecesWidth(pieces) > columns
  return [piece(shown` `), ...(isLong ? pieces.toSorted((a, b) => isCalm(a) - isCalm(b)) : pieces)]
}

/** Order of keys for the room: urgent ones, then those kept on every screen. */
const RANKS: readonly BoundKey["footer"][] = ["urgent", "kept", true]

/** Draws the keys that fit. Impossible ones keep their place, so that nothing moves. */
function fitting(keys: readonly BoundKey[], columns: number): Piece[] {
  const isCalm = (key: BoundKey) => Number(key.footer !== "urgent")
  const listed = keys
    .filter((key, at) => key.footer && key.possible !== false && !isTaken(key, keys.slice(0, at)))
    .toSorted((a, b) => isCalm(a) - isCalm(b))
    .map(key => ({ pieces: keyPieces(key), rank: RANKS.indexOf(key.footer) }))
  let room = columns + width(GAP)
  const hasRoom = ({ pieces }: { pieces: Piece[] }) => {
    room -= piecesWidth(pieces)
    return room >= 0
  }
  const inSight = new Set(listed.toSorted((a, b) => a.rank - b.rank).filter(hasRoom))
  return listed
    .filter(key => inSight.has(key))
    .flatMap(key => key.pieces)
    .slice(0, -1)
}

/** Tells whether the chord stands there already, with what it does now. */
const isTaken = ({ keys: [chord] }: BoundKey, before: readonly BoundKey[]) =>
  before.some(key => key.footer && key.possible === true && key.keys.includes(chord))

const GAP = shown`  `

const keyPieces = ({ keys, label, possible }: BoundKey): Piece[] => [
  piece(show(chordLabel(keys[0])), possible === true ? "key" : "dim"),
  piece(shown` ${show(label)}`, possible === true ? "plain" : "dim"),
  piece(GAP),
]
