import type { From as HistoryFrom } from "../../adapters/history/pages.ts"
import type { SqlDialect } from "../../domain/sql-dialect.ts"
import type { Predicate } from "../matches.ts"
import type { Held } from "../ring.ts"

/** Where a row stands: in the stream, or in an epoch of the history. */
export interface Spot {
  readonly id: string
  readonly epoch?: number
  /** It is no entry, and stands behind the one of this id. */
  readonly isEvent?: true
  /** As `Place.file`. */
  readonly file?: string
}

/** A row, and where it stands; undefined for one that stands nowhere. */
export interface PastRow {
  readonly held: Held
  readonly spot: Spot | undefined
}

/** Where to begin, and in which direction. Moments are in ms since the epoch of Unix. */
export type From =
  /** `resets`: how often the stream was made anew since, where the spot has no epoch; `at`: when its entry counts. */
  (
    | { readonly before: Spot; readonly resets?: number; readonly at?: number }
    | { readonly after: Spot; readonly inclusive?: boolean }
    | { readonly beforeMs: number }
    | { readonly fromMs: number }
  ) &
    Pick<HistoryFrom, "file">

/** What passes, as a test and as SQL. */
export interface Passing {
  readonly passes: Predicate
  where(sql: SqlDialect): string
}

/** Why there is nothing further: the log begins there, or it is the present end. */
export interface End {
  readonly of: "stream" | "history" | "now"
  /** Why the history is not read. */
  readonly why?: string
}

/** Some rows in the order of reading. */
export interface Step {
  readonly rows: readonly PastRow[]
  /** When the last row that was looked at counts, in ms since the epoch of Unix; undefined where nothing was. */
  readonly reached?: number | undefined
  /** Where to read on. */
  readonly next?: From
  /** The stream was read whole; what is older is in the history, which was not asked for. */
  readonly isStreamRead?: true
  readonly end?: End
}

/** The spot right behind one: what is before it includes the row itself. */
export function behind({ id, ...spot }: Spot): Spot {
  if (spot.epoch !== undefined) return { ...spot, id, isEvent: true }
  const [ms, seq] = id.split("-")
  return { id: `${ms}-${BigInt(seq ?? 0) + 1n}` }
}
