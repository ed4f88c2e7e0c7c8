import { addUp, type Count, type Part } from "../../domain/dashboard.ts"
import { asDeckError, type DeckError } from "../../domain/errors.ts"
import type { Deck } from "../deck.ts"
import { COUNT_TIMEOUT_MS } from "./dashboard.ts"
import { countPart, readNewer } from "./dashboard-readings.ts"

/** Figures of one table. Times are milliseconds since the epoch on this host's clock. */
export type Reading = Awaited<ReturnType<DashboardReader["refresh"]>>

/** The last count of a table, completed or stopped because it took too long. */
interface Attempt {
  readonly at: number
  readonly tookMs: number
  readonly failure: DeckError | undefined
}

interface TableState {
  counted?: { readonly at: number; readonly count: Count }
  attempt?: Attempt
  missing: bigint
}

/** Counting may take this fraction of the time: small tables are counted always, large ones seldom. */
export const ONE_PART_IN = { complete: 200, incomplete: 20 }
export const LONGEST_MS = 3_600_000

/**
 * Reader of the dashboard's figures over hours. A table is counted completely, then only what was added to it is read,
 * until it is time to count it again. Tables are counted one after another: two large sums never run at once, nor do
 * they take the connections that the rest of the console needs.
 */
export class DashboardReader {
  private readonly deck: Pick<Deck, "run">
  private readonly clock: () => number
  private readonly states = new Map<Part, TableState>()
  private queue: Promise<unknown> = Promise.resolve()

  /** `clock` returns milliseconds since the epoch. */
  constructor(deck: Pick<Deck, "run">, clock = Date.now) {
    this.deck = deck
    this.clock = clock
  }

  /** Has every table counted with the next refresh. */
  recount(): void {
    for (const book of this.states.values()) delete book.attempt
  }

  /** Reads the added rows, or counts. Throws DeckError; where counting takes too long, until it is tried again. */
  async refresh(part: Part, signal: AbortSignal) {
    const book = this.stateOf(part)
    const before = book.counted
    if (this.isDue(book)) await this.inTurn(() => this.count(part, signal))
    const { counted, attempt } = book
    if (counted === undefined) throw attempt?.failure
    const { mark, totals, days } = counted.count
    const newer = await this.deck.run(readNewer, { part, mark }, { signal })
    book.missing = newer.missing
    return {
      totals: addUp([totals, ...newer.days]),
      /** The last days by day and key; days without rows are missing. */
      days: [...days, ...newer.days],
      /** Number of rows added since but not included: without an index on their time not all are found (growth.ts). */
      missing: newer.missing,
      readAt: this.clock(),
      /** Time of the last complete count. */
      countedAt: counted.at,
      /**
       * Whether that was just now. Later reads include the rows added since, but not changes of older ones: deleted,
       * updated, or committed a quarter of an hour after they began.
       */
      isExact: counted !== before,
      /** Why it could not be counted again: it took too long. */
      trouble: attempt?.failure,
    }
  }

  private async count(part: Part, signal: AbortSignal): Promise<void> {
    const at = this.clock()
    const book = this.stateOf(part)
    try {
      const count = await this.deck.run(countPart, { part }, { signal })
      book.counted = { at, count }
      book.attempt = { at, tookMs: this.since(at), failure: undefined }
    } catch (error) {
      // A table that takes too long is not retried for a while; an unreachable server is cheap to ask again.
      const tookMs = this.since(at)
      if (tookMs < COUNT_TIMEOUT_MS) throw error
      book.attempt = { at, tookMs, failure: asDeckError(error) }
    }
  }

  private isDue({ attempt, missing }: TableState): boolean {
    if (attempt === undefined) return true
    const parts = missing > 0n ? ONE_PART_IN.incomplete : ONE_PART_IN.complete
    return this.since(attempt.at) >= Math.min(attempt.tookMs * parts, LONGEST_MS)
  }

  /** Milliseconds since `at`; where the clock was set back meanwhile, by how much: then it is counted again. */
  private since(at: number): number {
    return Math.abs(this.clock() - at)
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.queue.then(work)
    this.queue = turn.catch(() => {})
    return turn
  }

  private stateOf(part: Part): TableState {
    const book = this.states.get(part) ?? { missing: 0n }
    this.states.set(part, book)
    return book
  }
}
