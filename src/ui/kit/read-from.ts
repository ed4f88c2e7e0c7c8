import { show, shown } from "../../domain/safe-text.ts"
import type { Deck } from "../../services/deck.ts"
import { type Piece, piece } from "../widgets/line.tsx"

/** Draws `replica, 2 s behind · ` before the time of what was read there, or that the primary was read, and why. */
export const readFromPieces = (from: ReturnType<Deck["readFrom"]>): Piece[] =>
  from === undefined ? [] : [piece(shown`${show(from.says)} · `, from.isReplica ? "dim" : "look")]
