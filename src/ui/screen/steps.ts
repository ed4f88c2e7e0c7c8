import { show, shown } from "../../domain/safe-text.ts"
import type { Step } from "../../services/operation.ts"
import { type Piece, piece, piecesWidth } from "../widgets/line.tsx"

/** What was done, step by step, in a line; where that is too long, what is still owed comes first. */
export function stepPieces(steps: readonly Step[], columns: number): Piece[] {
  if (steps.length === 0) return [piece(shown`nothing was changed: it is so already`, "look")]
  const pieces = steps.map(stepPiece)
  if (piecesWidth(pieces) <= columns) return pieces
  return steps.toSorted((a, b) => Number(b.owed !== undefined) - Number(a.owed !== undefined)).map(stepPiece)
}

const stepPiece = ({ what, owed }: Step): Piece =>
  owed === undefined
    ? piece(shown`✓ ${show(what)}  `, "good")
    : piece(shown`▲ ${show(what)}: ${show(owed)}, R retries  `, "act")
