import { toAccessLogEntry } from "../domain/to-access-log-entry.ts"
import { isEntry } from "./held.ts"
import type { Predicate } from "./matches.ts"
import type { TailRow, View } from "./protocol.ts"
import type { Ring } from "./ring.ts"
import type { Rows } from "./row-list.ts"

/**
 * Returns the rows of a view, and as many on either side; those that `isFound` holds for are marked. `top` is the ordinal
 * at which the view itself begins.
 */
export function rowsAround(
  matches: Rows,
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

/** What the rate is taken from at which the ring fills: bursts and lulls of a few seconds say nothing about when a row leaves. */
const RATE_MS = 300_000

/** A rate known for a time is trusted for so many times as long; what is further away is not told. */
const TIMES_AHEAD = 10

/**
 * Estimates the seconds until the item leaves the ring at the rate of the last five minutes before `nowMs` (stream's time),
 * or of all that is held; null where it will not, and as long as that rate is not known for long enough.
 */
export function leavesInSeconds(ring: Ring, number: number | undefined, nowMs: number): number | null {
  const { oldestEntry } = ring
  if (number === undefined || oldestEntry === undefined) return null
  const from = Math.max(nowMs - RATE_MS, oldestEntry.at)
  const entries = ring.countFrom(from)
  if (entries === 0) return null
  const knownS = Math.max(1000, nowMs - from) / 1000
  const seconds = Math.round((ring.roomBefore(number) * knownS) / entries)
  return seconds <= TIMES_AHEAD * knownS || nowMs - from >= RATE_MS ? seconds : null
}
