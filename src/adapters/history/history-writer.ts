import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { Accounts, SignOfLife } from "./accounts.ts"
import type { HistoryEvent } from "./extent.ts"

/** Limits of a history: what is older, or more, is dropped, the oldest first. */
export interface Retention {
  readonly days: number
  readonly bytes: number
}

/** Rows on their way into the history, which are written together. */
export interface HistoryBatch {
  /** About what they take of memory, in bytes. */
  readonly bytes: number
  add(entry: StreamEntry, epoch: number): void
  tell(event: HistoryEvent, epoch: number): void
  close(): void
}

/** The one writer of a gateway's history, whichever engine holds it. */
export interface HistoryWriter {
  /** Where it writes, for people. */
  readonly place: string
  /** The accounts behind the last rows that are durable. */
  readonly accounts: Accounts
  newBatch(): Promise<HistoryBatch>
  /**
   * Makes the rows of a batch durable together with the accounts behind them. On an error it may be tried again, with the same
   * accounts. Throws DeckError "conflict" where another recorder has taken over.
   */
  save(batch: HistoryBatch, accounts: Accounts, sign: SignOfLife): Promise<void>
  /** Puts in order what was written, and drops what is beyond the limits; `nowMs` is the stream's time. */
  tidy(retention: Retention, nowMs: number): Promise<void>
  close(): Promise<void>
}
