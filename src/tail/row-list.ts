import type { Held } from "./held.ts"

/** Rows of the log in their order, by ordinals that never change: those of the live log, or a window of its past. */
export interface Rows {
  /** The lowest ordinal, and one more than the highest. */
  readonly start: number
  readonly end: number
  readonly length: number
  at(ordinal: number): Held | undefined
  /** Ordinals at which the stream was recreated, oldest first: from there on ids may be lower than before. */
  readonly resets: readonly number[]
  /** Share of what is held that the filter has been applied to, 0 to 1. */
  readonly scanned: number
}
