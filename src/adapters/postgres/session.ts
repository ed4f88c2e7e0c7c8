import { type ControlledTransaction, Kysely } from "kysely"
import type pg from "pg"
import { within } from "../deadline.ts"
import { cancelRequest } from "./cancel.ts"
import { DialectBeginning } from "./dialect.ts"
import type { Endpoint } from "./endpoint.ts"
import { isAnswer } from "./errors.ts"
import { type Generation, pluginsFor } from "./generation.ts"
import { LAG, type LagRow, ROLE, UNTOLD } from "./role.ts"
import type { Tables } from "./tables.ts"

/** Default limit for one statement, enforced by the server. */
export const STATEMENT_TIMEOUT_MS = 5_000
/** How long a statement waits for a row locked by another transaction; well below the statement's own limit. */
const LOCK_TIMEOUT_MS = 3_000
/** How long the server keeps an idle transaction and its locks: its client may be gone. */
const IDLE_TIMEOUT_MS = 8_000
/** How long to wait for the first answer on a connection before a server without an alternative is considered gone. */
export const ANSWER_TIMEOUT_MS = 5_000

export type Access = "read only" | "read write"

/** Members of pg's client that its types leave out. */
type Client = pg.PoolClient & { processID: number; secretKey: number; connection: { stream: { destroy(): void } } }

/** One connection of the pool, for the duration of one transaction. */
export class Session {
  private readonly client: Client
  private readonly endpoint: Endpoint
  private timeoutMs: number
  /** What the server said with `begin`. */
  private said: { readonly standby: boolean } | ({ readonly standby: boolean } & LagRow) = { standby: false }

  /** A server that says nothing for `patienceMs` at its beginning is gone. */
  constructor(client: pg.PoolClient, endpoint: Endpoint, patienceMs: number) {
    this.client = client as Client
    this.endpoint = endpoint
    this.timeoutMs = patienceMs
  }

  /** Runs one statement with a timeout of its own: the network may swallow the server's answer. */
  query(text: string, parameters: unknown[] = []): Promise<pg.QueryResult> {
    return within(this.timeoutMs, this.client.query(text, parameters))
  }

  /**
   * Begins a transaction. Its settings are local to it, since PgBouncer lends the server's connection to others between
   * transactions: timeouts, times as ISO text in UTC (types.ts), and read-only where `isReadOnly` says so, unless
   * `access` demands otherwise. The isolation is always READ COMMITTED, whatever the database's default: a statement
   * that waited for a lock must see what was committed meanwhile. The server says with it which role it has, and where it
   * `wasStandby` how far behind it is.
   */
  async begin(
    access: Access,
    generation: Generation,
    isReadOnly: boolean,
    timeoutMs = STATEMENT_TIMEOUT_MS,
    wasStandby = false,
  ): Promise<ControlledTransaction<Tables>> {
    const pool = { connect: async () => this.asPoolClient(), end: async () => {}, options: {} }
    const begin = `begin isolation level read committed, ${access}; set local statement_timeout = ${timeoutMs};
      set local lock_timeout = ${LOCK_TIMEOUT_MS}; set local idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS};
      set local timezone = 'UTC'; set local datestyle = 'ISO'
      ${isReadOnly ? "; set local default_transaction_read_only = on" : ""}; ${wasStandby ? LAG : ROLE}`
    const db = new Kysely<Tables>({ dialect: new DialectBeginning({ pool }, begin), plugins: pluginsFor(generation) })
    const tx = await db.startTransaction().execute()
    this.timeoutMs = timeoutMs + 1_000
    return tx
  }

  /**
   * How far behind the server is, in the transaction that began; undefined for a primary. Not everywhere a standby says it: one
   * of another make may lack the functions, or the role a right.
   */
  async lag(isAsked: boolean): Promise<LagRow | undefined> {
    if (!this.said.standby) return undefined
    if ("lag_s" in this.said) return this.said
    if (!isAsked) return UNTOLD
    try {
      const results = await this.query(`savepoint lag; ${LAG}; release savepoint lag`)
      return (results as unknown as pg.QueryResult<LagRow>[])[1]?.rows[0]
    } catch (error) {
      if (!isAnswer(error)) throw error
      await this.query("rollback to savepoint lag")
      return UNTOLD
    }
  }

  /** Has the server stop the current statement, then destroys the connection: it may be in any state. */
  async cancel(): Promise<void> {
    await cancelRequest(this.endpoint, this.client.processID, this.client.secretKey)
    this.client.connection.stream.destroy()
  }

  /** Returns the connection to the pool. */
  release(): void {
    this.client.release()
  }

  /** Closes the connection without a farewell, which a dead network would wait for. */
  destroy(): void {
    this.client.release(true)
    this.client.connection.stream.destroy()
  }

  /** This session as the pool client that kysely expects; the caller that checked it out returns it. */
  private asPoolClient() {
    const query = async (text: string, parameters: unknown[]) => {
      const result = await this.query(text, parameters)
      // Only the text that begins consists of several statements.
      if (Array.isArray(result)) this.said = result.at(-1).rows[0]
      return result
    }
    return { query, release: () => {} } as never
  }
}
