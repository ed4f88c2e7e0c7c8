import type { DimensionKey } from "./dimension-keys.ts"

export const MOVERS_SORTS = ["rate", "refused", "failed", "p95", "change"] as const
/** What comes first: most requests, most 4xx, most 5xx a second, the slowest, or the largest change of the rate. */
export type MoversSort = (typeof MOVERS_SORTS)[number]

export const MOVERS_MINUTES = [1, 5, 15] as const
export type MoversMinutes = (typeof MOVERS_MINUTES)[number]

/** What somebody wants to see of the movers. */
export interface MoversWatch {
  readonly minutes: MoversMinutes
  readonly sort: MoversSort
  /** Of each dimension, at most. */
  readonly rows: number
  /** Of this dimension alone. */
  readonly only?: DimensionKey | undefined
}

/** One value of a dimension, and its requests within the window. */
export interface Mover {
  readonly value: string
  readonly perSecond: number
  /** Of the window's requests, 0 to 1. */
  readonly share: number
  /** Of its own requests, 0 to 1: answered 4xx, and 5xx. */
  readonly refused: number
  readonly failed: number
  /** Milliseconds, within 20 %; null when no request tells its duration. */
  readonly p95: number | null
  /** Requests per second in the window before; null where that was not seen. */
  readonly before: number | null
  /** `perSecond` may be too high by so much, and is never too low. */
  readonly error: number
}

/** Who sends the requests that pass the filter, and how they fare. */
export interface MoversSnapshot {
  readonly watch: MoversWatch
  /** Requests per second in the window. */
  readonly perSecond: number
  /** How much of the window was seen. */
  readonly seenSeconds: number
  readonly dimensions: readonly DimensionMovers[]
}

export interface DimensionMovers {
  readonly key: DimensionKey
  readonly movers: readonly Mover[]
  /** How many values the window has; at least so many where they are not all counted. */
  readonly distinct: number
  /** Every value is counted, and exactly. */
  readonly isWhole: boolean
}
