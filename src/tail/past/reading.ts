import type { From as HistoryFrom } from "../../adapters/history/pages.ts"
import { nextId } from "../../adapters/redis/stream-ids.ts"
import type { SqlDialect } from "../../domain/sql-dialect.ts"
import type { TimeTarget } from "../../domain/time-target.ts"
import type { Held } from "../held.ts"
import type { Predicate } from "../matches.ts"

/** Where a row stands: in the stream, or in an epoch of the history. */
export interface Spot {
  /** Of several. */
  readonly gateway?: string
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

/** Where to begin, and in which direction; of several gateways, each where it was read to. */
export type From = FromOne | { readonly each: ReadonlyMap<string, FromOne> }

/** `resets`: how often the stream was made anew since, where the spot has no epoch; `at`: when its entry counts. */
interface BeforeOne {
  readonly before: Spot
  readonly resets?: number
  readonly at?: number
}

/** Where to begin in the log of one gateway, and in which direction. Moments are in ms since the epoch of Unix. */
export type FromOne = (
  | BeforeOne
  | { readonly after: Spot; readonly inclusive?: boolean }
  | { readonly beforeMs: number }
  | { readonly fromMs: number }
) &
  Pick<HistoryFrom, "file">

/** Whether a test holds for where any gateway's log is read on. */
export const someOf = (from: From, test: (one: FromOne) => boolean): boolean =>
  "each" in from ? [...from.each.values()].some(test) : test(from)

/** Where the logs of the gateways are read back from, by the ids of their oldest entries that are known. */
export function beforeThese(oldest: ReadonlyMap<string, string>, more: Omit<BeforeOne, "before">): From {
  const unnamed = oldest.get("")
  if (unnamed !== undefined) return { before: { id: unnamed }, ...more }
  return { each: new Map([...oldest].map(([gateway, id]) => [gateway, { before: { id }, ...more }])) }
}

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

/** Some rows in the order of reading; `Next` is as the reader takes it. */
export interface Step<Next = From> {
  readonly rows: readonly PastRow[]
  /** When the last row that was looked at counts, in ms since the epoch of Unix; undefined where nothing was. */
  readonly reached?: number | undefined
  /** Where to read on. */
  readonly next?: Next
  /** The stream was read whole; what is older is in the history, which was not asked for. */
  readonly isStreamRead?: true
  readonly end?: End
}

/** Reads the log in both directions across the seam of stream and history, without an entry twice or missing. */
export interface LogReading<Begin = From> {
  /** Whether anything but the stream can be read. */
  readonly hasPast: boolean
  /** Whether the stream begins only behind a place, and there is a history, as far as its directory tells. */
  isBehindStream(place: TimeTarget, signal: AbortSignal): Promise<boolean>
  /**
   * Reads back, newest first: the stream, then the history behind its oldest entry, unless `isFar` is false. The last step says
   * what ended it. Throws DeckError.
   */
  back(from: Begin, passing: Passing, signal: AbortSignal, isFar?: boolean): AsyncGenerator<Step<Begin>>
  /** Reads on, oldest first: the history to its end, then the stream. The last step says what ended it. Throws DeckError. */
  on(from: Begin, passing: Passing, signal: AbortSignal): AsyncGenerator<Step<Begin>>
  /** Finds where an entry stands, by its name: the newest place of that id; undefined where it is not held. */
  spotOf(name: string, signal: AbortSignal): Promise<Spot | undefined>
  /**
   * Finds the last entry of the history that counts before a moment, in the newest epoch that has one; undefined where the stream
   * holds what was then.
   */
  spotBefore(ms: number, signal: AbortSignal): Promise<Spot | undefined>
  /** Since when the history has no gap before a moment; null where it has nothing of then. In ms since the epoch of Unix. */
  gaplessSince(ms: number): Promise<number | null>
}

/** The spot right behind one: what is before it includes the row itself. */
export function behind({ id, ...spot }: Spot): Spot {
  if (spot.epoch !== undefined) return { ...spot, id, isEvent: true }
  return { ...spot, id: nextId(id) }
}
