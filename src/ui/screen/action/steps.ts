import { show, shown } from "../../../domain/safe-text.ts"
import type { Step } from "../../../services/operation.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** What was done, step by step, in a line. */
export const stepPieces = (steps: readonly Step[]): Piece[] =>
  steps.length === 0 ? [piece(shown`nothing was changed: it is so already`, "look")] : steps.map(stepPiece)

const stepPiece = ({ what, owed }: Step): Piece =>
  owed === undefined
    ? piece(shown`✓ ${show(what)}  `, "good")
    : piece(shown`▲ ${show(what)} (R retries): ${show(owed)}  `, "act")
