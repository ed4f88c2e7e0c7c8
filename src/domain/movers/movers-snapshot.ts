import type { DimensionKey } from "./dimension-keys.ts"

export const MOVERS_SORTS = ["rate", "refused", "failed", "p95", "change"] as const
/** Order of movers: by requests, 4xx or 5xx per second, p95, or change of the rate (up or down); the highest first. */
export type MoversSort = (typeof MOVERS_SORTS)[number]

export const MOVERS_MINUTES = [1, 5, 15] as const
export type MoversMinutes = (typeof MOVERS_MINUTES)[number]

/** Request for a snapshot of the movers. */
export interface MoversWatch {
  readonly minutes: MoversMinutes
  readonly sort: MoversSort
  /** The lowest first. */
  readonly reversed?: true | undefined
  /** Maximum number of movers per dimension. */
  readonly rows: number
  /** The only dimension wanted; undefined for all. */
  readonly only?: DimensionKey | undefined
}

/** Value of a dimension, and its requests within the window. */
export interface Mover {
  readonly value: string
  readonly perSecond: number
  /** Its requests within the window. */
  readonly count: number
  /** Share of the window's requests, 0 to 1. */
  readonly share: number
  /** Shares of its own requests that were answered 4xx and 5xx, 0 to 1. */
  readonly refused: number
  readonly failed: number
  /** Milliseconds, within 20 %; null when no request has a duration. */
  readonly p95: number | null
  /** Requests per second in the previous window; null where that was not seen or is uncertain. */
  readonly before: number | null
  /** Amount by which `perSecond` may be too high; it is never too low. */
  readonly error: number
}

/** Movers among the requests that pass the filter. */
export interface MoversSnapshot {
  readonly watch: MoversWatch
  /** Requests per second in the window. */
  readonly perSecond: number
  /** Number of seconds of the window that were seen. */
  readonly seenSeconds: number
  readonly dimensions: readonly DimensionMovers[]
}

export interface DimensionMovers {
  readonly key: DimensionKey
  readonly movers: readonly Mover[]
  /** Number of values in the window; a lower bound where not all are counted. */
  readonly distinct: number
  /** Whether every value is counted, and exactly. */
  readonly isWhole: boolean
}
