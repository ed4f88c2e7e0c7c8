import type { SignOfLife } from "./accounts.ts"

/** State of a gateway's history, whichever engine holds it. */
export interface HistoryState {
  readonly recorder?: SignOfLife
  /** The stream's time up to which nothing is missing but what is a gap, in ms since the epoch. */
  readonly untilMs?: number
  /** When the first and the last row count, in ms since the epoch; undefined without a row. */
  readonly fromMs?: number
  readonly toMs?: number
  readonly bytes: number
  readonly entries: number
  readonly gaps: number
  readonly lost: number
}
