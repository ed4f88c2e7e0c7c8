import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { GuardedSite } from "../live/guarded-site.ts"
import { type Piece, piece } from "../widgets/line.tsx"

/** The environment's name as it stands everywhere, in its colour. */
export const badge = ({ environment, colour }: GuardedSite): Piece =>
  piece(show(environment), colour === undefined ? "badge" : `badge-${colour}`)

/** `Suspend alice on PROD-EU` in so many columns: what is done gives way before where it is done. */
export function titleOn(site: GuardedSite, title: Shown, columns: number): Piece[] {
  const name = badge(site)
  const on = shown` on `
  const room = Math.max(0, columns - width(on) - width(name[0]))
  return [piece(width(title) <= room ? title : fit(title, room), "strong"), piece(on, "strong"), name]
}
