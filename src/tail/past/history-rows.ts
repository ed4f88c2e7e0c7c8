import { type HistoryRow, placeOf } from "../../adapters/history/history-row.ts"
import type { Step } from "../../adapters/history/pages.ts"
import { orderOfIds } from "../../adapters/redis/stream-ids.ts"
import type { Seam } from "../../services/history/seam.ts"
import type { Held, Marker } from "../held.ts"
import type { PastRow } from "./reading.ts"

/** Returns what one file of the history had as rows of the log, in the same order. A file that cannot be read is a row as well. */
export function rowsOfHistory({ rows, file, isUnreadable }: Step): PastRow[] {
  if (isUnreadable) return [{ held: { kind: "unreadable", file }, spot: undefined }]
  return rows.map(row => ({ held: heldOf(row), spot: { ...placeOf(row), file } }))
}

function heldOf(row: HistoryRow): Held {
  if (row.kind === "entry") return row.entry
  if (row.kind === "reset") return { kind: "reset", atMs: row.atMs }
  const { lost, from, to, reason } = row
  return { kind: "unrecorded", lost, from, to, reason }
}

/** Returns what is missing between the end of the history and `oldest`, the first entry behind it that is held; undefined for nothing. */
export function holeBetween({ info, after, gap }: Seam, oldest: string): Marker | undefined {
  if (gap === undefined || orderOfIds(after, oldest) >= 0) return undefined
  // Where more is held than the stream has, the gap is smaller than the accounts say.
  return {
    kind: "unrecorded",
    lost: oldest === info.firstId ? gap.lost : 0,
    from: after,
    to: oldest,
    reason: "not_yet",
  }
}
