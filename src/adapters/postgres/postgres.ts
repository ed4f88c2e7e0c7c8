import type { Kysely, Transaction } from "kysely"
import type { Generation } from "./generation.ts"
import type { ReplicaState } from "./role.ts"
import type { Tables } from "./tables.ts"

/** The platform's PostgreSQL. Every method throws DeckError, and recovers by itself after an outage. */
export interface Postgres {
  /**
   * Reads, in one read-only transaction; `signal` or `timeoutMs` (default: 5 s) stop it on the server as well. `query` runs
   * again where its server or connection went away meanwhile.
   */
  run<T>(query: (db: Kysely<Tables>) => Promise<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T>
  /** Like `run`, of a primary alone: a replica may lag. Throws DeckError("read_only") where there is none. */
  runOnPrimary<T>(query: (db: Kysely<Tables>) => Promise<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T>
  /**
   * Writes, all of `work` or nothing. Once the commit has begun it cannot be cancelled any more. When its answer is
   * lost the server is asked whether it was committed: only where that cannot be found out does the error
   * ("unavailable") leave it open. `work` never runs twice.
   */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Like `transaction`, but also while read-only: sign-ins are always recorded (contract, section 5). */
  record<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>
  /** The replica that the last transaction was on; undefined for a primary, and before the first. */
  readonly replica: ReplicaState | undefined
  /** The server in use, or the first one of the URL, as errors name it. */
  readonly address: string
  /** Measures the round trip to the server, in milliseconds. */
  ping(signal?: AbortSignal): Promise<number>
  /** Returns the naming generation of the database, detected with the first query. */
  generation(): Promise<Generation>
  /** Ends all connections, including those in use. */
  close(): Promise<void>
}

/** The same, of which a primary alone is read, as it has to be for what is changed, and for what is written to Redis. */
export const onPrimary = (postgres: Postgres): Postgres => ({
  run: (...asked) => postgres.runOnPrimary(...asked),
  runOnPrimary: (...asked) => postgres.runOnPrimary(...asked),
  transaction: (...asked) => postgres.transaction(...asked),
  record: work => postgres.record(work),
  ping: signal => postgres.ping(signal),
  generation: () => postgres.generation(),
  close: () => postgres.close(),
  get replica() {
    return postgres.replica
  },
  get address() {
    return postgres.address
  },
})
