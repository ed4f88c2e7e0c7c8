import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { GapReason } from "./extent.ts"
import { entryOf } from "./log-columns.ts"

/** A row of the history: a request, or what lies between two of them. */
export type HistoryRow =
  | { readonly kind: "entry"; readonly epoch: number; readonly entry: StreamEntry }
  | {
      readonly kind: "gap"
      readonly epoch: number
      readonly lost: number
      readonly from: string
      readonly to: string | null
      readonly reason: GapReason
    }
  | { readonly kind: "reset"; readonly epoch: number; readonly atMs: number }

/** Makes a row of what was read by column name. */
export function rowOf(row: Readonly<Record<string, unknown>>): HistoryRow {
  const epoch = Number(row.epoch)
  if (row.event === "reset") return { kind: "reset", epoch, atMs: Number(row.late_ms) }
  if (row.event === "gap") {
    const [from, to, reason] = [`${row.ms}-${row.seq}`, row.to_id as string | null, row.reason as GapReason]
    return { kind: "gap", epoch, lost: Number(row.lost), from, to, reason }
  }
  return { kind: "entry", epoch, entry: entryOf(row) }
}

/** Where a row of the history stands (contract, section 10). */
export interface Place {
  readonly epoch: number
  readonly id: string
  /** It is no entry, and stands behind the one of this id. */
  readonly isEvent?: true
  /** Name of the file that held it: reading begins with that one, as long as it is there. */
  readonly file?: string
}

/** Returns where a row stands. A reset stands before all entries of its epoch. */
export function placeOf(row: HistoryRow): Place {
  const { epoch } = row
  if (row.kind === "entry") return { epoch, id: row.entry.id }
  return { epoch, id: row.kind === "gap" ? row.from : "0-0", isEvent: true }
}
