import { type Shown, show, shown } from "../../domain/safe-text.ts"
import { type Piece, piece } from "./line.tsx"
import type { Tone } from "./theme.ts"

/** What stands where there is nothing. */
export const NONE: Piece = piece(shown`-`, "dim")

/** More than any cell has room for. */
const CELL_BYTES = 512

/** A text from outside, nothing of which is a dash. */
export const textCell = (value: string | null, tone: Tone = "plain"): Piece =>
  value ? piece(show(value, CELL_BYTES), tone) : NONE

/** A value as `as` writes it; a dash for none. */
export const cellOf = <Value>(value: Value | null, as: (value: Value) => Shown, tone: Tone = "plain"): Piece =>
  value === null ? NONE : piece(as(value), tone)
