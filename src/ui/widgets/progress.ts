import type { Shown } from "../../domain/safe-text.ts"
import { type Piece, piece } from "./line.tsx"

/** Draws a progress bar of `columns`. */
export function progressPieces(done: number, total: number, columns: number): Piece[] {
  const full = total === 0 ? columns : Math.floor((done / total) * columns)
  return [piece("█".repeat(full) as Shown, "good"), piece("░".repeat(columns - full) as Shown, "dim")]
}
