import type { Shown } from "../../domain/safe-text.ts"
import { type Piece, piece } from "./line.tsx"

/** A bar of `columns`: how much of `total` is done. */
export function progressPieces(done: number, total: number, columns: number): Piece[] {
  const full = total === 0 ? columns : Math.floor((done / total) * columns)
  return [piece("█".repeat(full) as Shown, "good"), piece("░".repeat(columns - full) as Shown, "dim")]
}
