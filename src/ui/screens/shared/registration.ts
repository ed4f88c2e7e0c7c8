import type { Registration } from "../../../domain/registration.ts"
import { shown } from "../../../domain/safe-text.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

/** Draws whether registration is open. */
export const registrationPiece = ({ open }: Registration): Piece =>
  open ? piece(shown`open to anybody`, "strong") : piece(shown`by invitation only`, "strong")
