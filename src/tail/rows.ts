import { toAccessLogEntry } from "../domain/to-access-log-entry.ts"
import type { Matches, Predicate } from "./matches.ts"
import type { TailRow, View } from "./protocol.ts"
import { isEntry, type Ring } from "./ring.ts"

/**
 * Returns the rows of a view, and as many on either side; those that `isFound` holds for are marked. `top` is the ordinal
 * at which the view itself begins.
 */
export function rowsAround(
  matches: Matches,
  view: View,
  isFound?: Predicate,
): { top: number; rowsFrom: number; rows: TailRow[] } {
  const top = view.following ? Math.max(matches.start, matches.end - view.rows) : view.top
  const rowsFrom = Math.max(matches.start, top - view.rows)
  const rowsTo = Math.min(matches.end, top + view.rows * 2)
  const rows: TailRow[] = []
  for (let ordinal = rowsFrom; ordinal < rowsTo; ordinal++) {
    const held = matches.at(ordinal)
    if (!held) continue
    if (!isEntry(held)) rows.push(held)
    else {
      const row = { kind: "entry", entry: toAccessLogEntry(held), at: held.at } as const
      rows.push(isFound?.(held) ? { ...row, isFound: true } : row)
    }
  }
  return { top, rowsFrom, rows }
}

/** Estimates the seconds until the match leaves the ring at `perSecond` entries; null where it will not. */
export function leavesInSeconds(ring: Ring, number: number | undefined, perSecond: number): number | null {
  if (number === undefined || ring.length === 0 || perSecond === 0) return null
  return Math.round(ring.roomBefore(number) / perSecond)
}
