import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { ChangeGuard } from "../runtime/change-guard.ts"
import { type Piece, piece } from "../widgets/line.tsx"

/** Draws the environment's name in at most `columns`, in its colour. */
export const badge = ({ name: environment, colour }: ChangeGuard, columns: number): Piece =>
  piece(atMost(show(environment), columns), colour === undefined ? "badge" : `badge-${colour}`)

/** Draws `Suspend alice on PROD-EU` in `columns`, of which the environment gets half where it needs them. */
export function titleOn(guard: ChangeGuard, title: Shown, columns: number): Piece[] {
  const name = badge(guard, Math.floor(columns / 2))
  const on = shown` on `
  return [piece(atMost(title, columns - width(on) - width(name[0])), "strong"), piece(on, "strong"), name]
}

const atMost = (text: Shown, columns: number): Shown => (width(text) <= columns ? text : fit(text, columns))
