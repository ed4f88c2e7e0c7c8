import { type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { BoundKey } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import { cutPieces, Line, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import { wrap } from "../widgets/wrap.ts"
import { Rule } from "./frame.tsx"
import type { Toast } from "./shell-state.ts"

interface FooterProps {
  readonly keys: readonly BoundKey[]
  readonly toast?: Toast | undefined
  /** What is amiss, on the line above the keys. */
  readonly notice?: readonly Piece[]
  readonly columns: number
}

/**
 * Draws the most important keys, as many as fit, dim where impossible, and the message of the last key above. A message that
 * needs two rows takes that of the keys, until the next one.
 */
export function Footer({ keys, toast, notice = [], columns }: FooterProps) {
  const isUrgent = keys.some(({ footer, possible }) => footer === "urgent" && possible === true)
  const [first, second] = toast ? saidLines(toast, columns - 1, isUrgent ? 1 : 2) : []
  const below = second ?? fitting(keys, columns - 1)
  return (
    <>
      {first ? <Line pieces={[MARGIN, ...first]} columns={columns} /> : <Rule columns={columns} notice={notice} />}
      <Line pieces={[MARGIN, ...below]} columns={columns} />
    </>
  )
}

const MARGIN = piece(shown` `)

/** Draws a message in at most so many rows, broken between its parts; where it is longer, the part to act on comes first. */
export function saidLines(pieces: Toast, columns: number, rows: 1 | 2): Piece[][] {
  const isCalm = ([, tone]: Piece) => Number(tone !== "act")
  const lines = broken(pieces, columns)
  if (lines.length <= rows) return lines
  const ordered = pieces.toSorted((a, b) => isCalm(a) - isCalm(b))
  if (rows === 1) return [cutPieces(ordered, columns)]
  const [first = [], ...others] = broken(ordered, columns)
  return [first, cutPieces(others.flat(), columns)]
}

/** Columns in which no part that is longer than a row is begun. */
const FEW = 12

function broken(pieces: Toast, columns: number): Piece[][] {
  const lines: Piece[][] = [[]]
  for (const [text, tone] of pieces) {
    const room = columns - piecesWidth(lines.at(-1) as Piece[])
    const bare = width(text.trimEnd() as Shown)
    if (bare <= room) lines.at(-1)?.push(piece(text, tone))
    else if (bare <= columns || room < FEW) lines.push(...wrap(text, columns).map(line => [piece(line, tone)]))
    else {
      const [head = shown``] = wrap(text, room)
      lines.at(-1)?.push(piece(head, tone))
      lines.push(...wrap(text.slice(head.length) as Shown, columns).map(line => [piece(line, tone)]))
    }
  }
  return lines
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
