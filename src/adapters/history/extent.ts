import { HIGHEST_SEQ } from "../../domain/stream-entry.ts"

/** What lies between two entries. */
export type HistoryEvent =
  /** Entries that are in no history: how many (0: not known), between which ids, and why. */
  | {
      readonly event: "gap"
      readonly lost: number
      readonly from: string
      readonly to: string | null
      readonly reason: GapReason
    }
  /** The stream was made anew, and another epoch begins; `atMs` is when that was seen, in ms since the epoch of Unix. */
  | { readonly event: "reset"; readonly atMs: number }

/**
 * Why entries are missing: nobody recorded, the stream was trimmed before they were read, the recorder could not write, they
 * belong to an epoch that ended while nobody recorded, or a replica that took the primary's place lacks them.
 */
export type GapReason = "not_recording" | "trimmed" | "not_written" | "epoch_ended" | "failover"

/** What a batch holds, and where it begins and ends. */
export class Extent {
  rows = 0
  entries = 0
  gaps = 0
  lost = 0
  /** When the first and the last of them count, in ms since the epoch. */
  fromMs = Number.POSITIVE_INFINITY
  toMs = 0

  /** Counts an entry that counts at `atMs`. */
  entry(atMs: number): void {
    this.entries++
    this.reach(atMs)
  }

  /** Counts an event; `ms` is of the id that it stands behind. */
  event(event: HistoryEvent, ms: number): void {
    if (event.event === "gap") {
      this.gaps++
      this.lost += event.lost
    }
    this.reach(event.event === "gap" ? ms : event.atMs)
  }

  private reach(ms: number): void {
    this.rows++
    this.fromMs = Math.min(this.fromMs, ms)
    this.toMs = Math.max(this.toMs, ms)
  }
}

/** Half of an id for a column of 64 bits. */
export function half(value: number): bigint {
  const whole = BigInt(value)
  return whole > HIGHEST_SEQ ? HIGHEST_SEQ : whole
}
